import type { Definitions } from '../model/definitions.js';
import type { Evaluator } from '../model/evaluation.js';
import type { Flag } from '../model/flag.js';
import type { DefinitionSource } from './flag-client.js';

/** The definitions that count now, ready to be evaluated. Replaced whole, by one assignment. */
export interface Standing {
  readonly definitions: Definitions;
  readonly evaluator: Evaluator;
  /** Flags that are served, by key. */
  readonly flags: ReadonlyMap<string, Flag>;
  readonly version: string;
  readonly source: DefinitionSource;
}

/** @param evaluator of these definitions */
export function standingOf(
  definitions: Definitions,
  evaluator: Evaluator,
  { version, source }: Pick<Standing, 'version' | 'source'>,
): Standing {
  const active = definitions.flags.filter(({ state }) => state === 'active');
  return { definitions, evaluator, flags: new Map(active.map((flag) => [flag.key, flag])), version, source };
}
