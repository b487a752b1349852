import { createEvaluator } from '../engine/evaluator.js';
import type { Flag } from '../model/flag.js';
import type { Json } from '../model/json.js';
import type { ExposureOptions } from '../sdk/exposures/exposing.js';
import type { ClientState } from '../sdk/flag-client.js';
import { LocalClient } from '../sdk/local/client.js';
import { standingOf } from '../sdk/standing.js';
import { systemTime } from '../sdk/time.js';
import type { FlagWithoutDefault, TypedFlag } from '../sdk/typed-flag.js';
import { definitionOf, type Matching, type MemoryFlag, typeOfValue } from './memory-flag.js';
import { MemoryLife } from './memory-life.js';

export interface SetOptions {
  /** Only for contexts with these attributes; the newest that matches counts. For everyone, if left out. */
  readonly for?: Matching;
}

export interface InMemoryOptions {
  /** Where tracked events go, by its `sink`: `memorySink()` keeps them. Flags in memory are no experiments. */
  readonly exposures?: ExposureOptions;
}

/** By flag key, what the flag serves to everyone. */
export type MemoryFlags = Readonly<Record<string, Json>>;

/** A client for tests: its flags are what `set` says. Evaluates as every other client does. */
export class InMemoryClient extends LocalClient {
  declare protected readonly life: MemoryLife;
  readonly #first: ReadonlyMap<string, MemoryFlag>;
  readonly #definitions = new Map<string, Flag>();
  #flags: Map<string, MemoryFlag>;
  #revision = 0;

  constructor(flags: MemoryFlags = {}, { exposures }: InMemoryOptions = {}) {
    super(new MemoryLife(systemTime), { time: systemTime, defaults: {}, initTimeout: 0, exposures });
    this.#first = new Map(Object.entries(flags).map(([key, value]) => [key, forEveryone(typeOfValue(value), value)]));
    this.#flags = new Map(this.#first);
    this.#publish(this.#flags.keys());
  }

  /**
   * From now on the flag serves this value; a flag that is not there comes into being. For everyone, it replaces what
   * was said before; `for` some contexts, it comes before that.
   *
   * @throws TypeError when a value for some contexts is of another type than the flag
   */
  set<T>(flag: TypedFlag<T> | FlagWithoutDefault<T>, value: NoInfer<T>, options?: SetOptions): void;
  set(key: string, value: Json, options?: SetOptions): void;
  set(
    flag: string | { key: string; type: MemoryFlag['type'] },
    value: Json,
    { for: matching = {} }: SetOptions = {},
  ): void {
    const { key, type } = typeof flag === 'string' ? { key: flag, type: typeOfValue(value) } : flag;
    const before = this.#flags.get(key);
    if (Object.keys(matching).length === 0) this.#flags.set(key, forEveryone(type, value));
    else this.#flags.set(key, withCase(key, before ?? { type, cases: [] }, type, { matching, value }));
    this.#publish([key]);
  }

  /** Back to what the client began with: one flag, or all. */
  reset(flag?: string | { readonly key: string }): void {
    const keys = flag === undefined ? [...this.#flags.keys(), ...this.#first.keys()] : [keyOf(flag)];
    for (const key of keys) {
      const first = this.#first.get(key);
      if (first === undefined) this.#flags.delete(key);
      else this.#flags.set(key, first);
    }
    this.#publish(keys);
  }

  /**
   * Looks like a client whose server does not answer: `STALE` with the flags there are, `NOT_READY` and `ERROR` with
   * defaults only. `READY` ends that.
   */
  pretend(state: ClientState): void {
    this.life.pretend(state);
  }

  #publish(keys: Iterable<string>): void {
    for (const key of keys) {
      const flag = this.#flags.get(key);
      if (flag === undefined) this.#definitions.delete(key);
      else this.#definitions.set(key, definitionOf(key, flag));
    }
    this.#revision += 1;
    const definitions = { environment: 'test', flags: [...this.#definitions.values()], segments: [] };
    const standing = { version: `memory-${this.#revision}`, source: 'memory' } as const;
    this.life.adopt(standingOf(definitions, createEvaluator(definitions), standing));
  }
}

function forEveryone(type: MemoryFlag['type'], value: Json): MemoryFlag {
  return { type, value, cases: [] };
}

function withCase(
  key: string,
  flag: MemoryFlag,
  type: MemoryFlag['type'],
  added: MemoryFlag['cases'][number],
): MemoryFlag {
  if (flag.type !== type) throw new TypeError(`flag \`${key}\` is of type ${flag.type}, not ${type}`);
  return { ...flag, cases: [added, ...flag.cases] };
}

function keyOf(flag: string | { readonly key: string }): string {
  return typeof flag === 'string' ? flag : flag.key;
}
