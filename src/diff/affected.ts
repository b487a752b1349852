import type { Flag } from '../model/flag.js';
import type { Snapshot } from '../model/snapshot.js';
import type { Change } from './change.js';
import { flagVersions } from './diff.js';
import { isListChange, mattersToAnswers, namedUsers } from './effect.js';
import type { FlagVersions } from './flag.js';
import { type Reach, reachOf } from './reach.js';

/** A flag whose answers may differ in one environment. */
export interface Affected {
  readonly flag: string;
  readonly environment: string;
  readonly before: Flag;
  /** `undefined`: it was removed. */
  readonly after: Flag | undefined;
  /** Something that its conditions or prerequisites ask about changed, and not only for users whom a list names. */
  readonly touched: boolean;
  /** targetingKeys that came to a list or went from one. */
  readonly named: ReadonlySet<string>;
  /** The changed flags that it depends on. */
  readonly sources: ReadonlySet<string>;
}

/** Every flag and environment that the changes may give other answers. A new flag had none before. */
export function affectedBy(changes: readonly Change[], before: Snapshot, after: Snapshot): Affected[] {
  const relevant = changes.filter(mattersToAnswers);
  const environments = [...before.definitions.keys()].filter((name) => after.definitions.has(name));
  const drafts = new Drafts();
  for (const change of relevant) markOwn(drafts, change, environments);
  const [lists, others] = [relevant.filter(isListChange), relevant.filter((change) => !isListChange(change))];
  for (const reach of reachOf(others, before, after)) markTouched(drafts, reach);
  for (const reach of reachOf(lists, before, after)) markNamed(drafts, reach, lists);
  return drafts.finish(environments, flagVersions(before), flagVersions(after));
}

interface Draft {
  readonly flag: string;
  readonly environment: string;
  touched: boolean;
  readonly named: Set<string>;
  readonly sources: Set<string>;
}

class Drafts {
  readonly #drafts = new Map<string, Draft>();

  of(flag: string, environment: string): Draft {
    const place = `${environment}/${flag}`;
    const known = this.#drafts.get(place);
    if (known) return known;
    const draft = { flag, environment, touched: false, named: new Set<string>(), sources: new Set<string>() };
    this.#drafts.set(place, draft);
    return draft;
  }

  finish(
    environments: readonly string[],
    before: ReadonlyMap<string, FlagVersions>,
    after: ReadonlyMap<string, FlagVersions>,
  ): Affected[] {
    return [...this.#drafts.values()].flatMap((draft) => {
      const old = before.get(draft.flag)?.get(draft.environment);
      const now = after.get(draft.flag)?.get(draft.environment);
      return old && environments.includes(draft.environment) ? [{ ...draft, before: old, after: now }] : [];
    });
  }
}

function markOwn(drafts: Drafts, change: Change, environments: readonly string[]): void {
  if (!change.kind.startsWith('flag_')) return;
  for (const environment of change.environment === undefined ? environments : [change.environment]) {
    const draft = drafts.of(change.key, environment);
    if (isListChange(change)) for (const key of namedUsers(change)) draft.named.add(key);
  }
}

/** A flag's slot in a group is part of its own draw; whatever else asks about something that changed is touched. */
function markTouched(drafts: Drafts, { kind, key, reached }: Reach): void {
  for (const { flag, environment, paths } of reached) {
    const draft = drafts.of(flag, environment);
    draft.touched ||= paths.some((path) => path !== '/experiment/slot');
    if (kind === 'flag') draft.sources.add(key);
  }
}

function markNamed(drafts: Drafts, { kind, key, reached }: Reach, lists: readonly Change[]): void {
  const own = lists.filter((change) => change.key === key && change.kind.startsWith(kind));
  for (const { flag, environment } of reached) {
    const { named } = drafts.of(flag, environment);
    const here = own.filter((change) => change.environment === undefined || change.environment === environment);
    for (const user of here.flatMap(namedUsers)) named.add(user);
  }
}
