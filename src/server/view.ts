import { evaluatorFor } from '../engine/evaluator.js';
import type { Definitions } from '../model/definitions.js';
import type { Evaluation, Evaluator } from '../model/evaluation.js';
import type { Flag } from '../model/flag.js';
import type { Principal } from './access/principal.js';
import type { Served } from './served.js';
import type { Tallies, Tally } from './tallies.js';

/** What one kind of caller sees of one environment of what is served. */
export interface View {
  readonly served: Served;
  readonly environment: string;
  readonly definitions: Definitions;
  readonly evaluator: Evaluator;
  /** Active flags that the caller may see, by key, in the order of `keys`. */
  readonly flags: ReadonlyMap<string, Flag>;
  /** Sorted by code unit. */
  readonly keys: readonly string[];
  /** Rules, segments and precise reasons may be told. */
  readonly detailed: boolean;
  /** Where each answer is counted. */
  tallyOf(evaluation: Evaluation): Tally;
  /** The last commit that changed the flag's meaning. */
  versionOf(key: string): string;
}

/** The views of what is served; each is made once and goes with what it shows. */
export class Views {
  readonly #views = new WeakMap<Served, Map<string, View>>();

  constructor(private readonly tallies: Tallies) {}

  of(served: Served, environment: string, principal: Principal): View {
    const views = this.#views.get(served) ?? new Map<string, View>();
    this.#views.set(served, views);
    const isClient = principal.role === 'client';
    const name = isClient ? JSON.stringify([environment, principal.tags ?? null]) : environment;
    const known = views.get(name);
    if (known !== undefined) return known;
    const view = this.#make(served, environment, principal);
    views.set(name, view);
    return view;
  }

  #make(served: Served, environment: string, principal: Principal): View {
    const definitions = served.snapshot.definitions.get(environment);
    if (definitions === undefined) throw new RangeError(`no environment ${environment}`);
    const seen = definitions.flags.filter((flag) => flag.state === 'active' && maySee(principal, flag));
    const archived = new Set(definitions.flags.filter(({ state }) => state === 'archived').map(({ key }) => key));
    const flags = new Map(seen.sort((a, b) => (a.key < b.key ? -1 : 1)).map((flag) => [flag.key, flag]));
    return {
      served,
      environment,
      definitions,
      evaluator: evaluatorFor(definitions),
      flags,
      keys: [...flags.keys()],
      detailed: principal.role !== 'client',
      tallyOf: (evaluation) => this.tallies.of(environment, evaluation, archived.has(evaluation.flag)),
      versionOf: (key) => served.flagVersions.get(key) ?? served.revision.version,
    };
  }
}

function maySee({ role, tags }: Principal, flag: Flag): boolean {
  if (role !== 'client') return true;
  return flag.expose.includes('client') && (tags === undefined || tags.some((tag) => flag.tags.includes(tag)));
}

/** What an answer says of a flag that is not there, or must seem so. */
export function unknownFlag(key: string): Evaluation {
  return {
    flag: key,
    value: undefined,
    variant: null,
    reason: 'ERROR_FALLBACK',
    error_code: 'FLAG_NOT_FOUND',
    error_message: `there is no flag \`${key}\``,
  };
}
