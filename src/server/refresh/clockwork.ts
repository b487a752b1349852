import { boundariesOf } from '../../engine/boundaries.js';
import type { Store } from '../store.js';

/** The longest that a timer can wait, in milliseconds. */
const LONGEST = 2 ** 31 - 1;

/**
 * Calls whenever time alone has changed what an environment of the served flags answers.
 * @param clock milliseconds since 1970
 * @returns what ends it
 */
export function watchTime(store: Store, clock: () => number, passed: (environment: string) => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  let since = clock();

  function look(): void {
    const now = clock();
    for (const [environment, definitions] of store.current?.snapshot.definitions ?? []) {
      if (boundariesOf(definitions).some((time) => time > since && time <= now)) passed(environment);
    }
    since = now;
    wait();
  }

  function wait(): void {
    clearTimeout(timer);
    const sets = [...(store.current?.snapshot.definitions.values() ?? [])].map(boundariesOf);
    const next = Math.min(...sets.map((times) => times.find((time) => time > since) ?? Number.POSITIVE_INFINITY));
    if (next === Number.POSITIVE_INFINITY) return;
    timer = setTimeout(look, Math.min(Math.max(next - clock(), 1), LONGEST));
    timer.unref();
  }

  const unsubscribe = store.subscribe(wait);
  wait();
  return () => {
    unsubscribe();
    clearTimeout(timer);
  };
}
