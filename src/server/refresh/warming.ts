import { setImmediate as turn } from 'node:timers/promises';
import { evaluatorFor, hasEvaluator } from '../../engine/evaluator.js';
import type { Snapshot } from '../../model/snapshot.js';

/** So many flags are compiled in one piece: a few milliseconds, which whoever asks meanwhile has to wait. */
const SLICE = 64;

/** Makes the evaluators of the environments that somebody asks for, one in each turn. @returns those environments */
export async function warmEvaluators(before: Snapshot | undefined, after: Snapshot): Promise<readonly string[]> {
  const asked: string[] = [];
  for (const [environment, definitions] of after.definitions) {
    const old = before?.definitions.get(environment);
    if (old === undefined || old === definitions || !hasEvaluator(old)) continue;
    await turn();
    evaluatorFor(definitions);
    asked.push(environment);
  }
  await turn();
  return asked;
}

/**
 * Has every flag compiled before somebody asks for all of them at once. A flag is compiled when it is evaluated first;
 * what comes of it here is nobody's.
 *
 * @param isWanted is this what is served still?
 */
export async function warmFlags(
  snapshot: Snapshot,
  environments: readonly string[],
  isWanted: () => boolean,
): Promise<void> {
  for (const environment of environments) {
    const definitions = snapshot.definitions.get(environment);
    const evaluator = definitions && evaluatorFor(definitions);
    const { keys = [] } = evaluator ?? {};
    for (let start = 0; start < keys.length; start += SLICE) {
      await turn(undefined, { ref: false });
      if (!isWanted()) return;
      evaluator?.evaluateAll(keys.slice(start, start + SLICE), undefined, 0);
    }
  }
}
