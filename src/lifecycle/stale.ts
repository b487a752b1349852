import { didYouMean } from '../diagnostics/suggest.js';
import type { Settings, Snapshot } from '../model/snapshot.js';
import type { Evidence, Reference, Removal } from './evidence.js';
import { evaluationsOf, type Facts, flagsIn, gather } from './gather.js';
import { isOutOfCode, isStale, STATES, type State, stateOf } from './state.js';

/** A flag, where it stands in its life, why, and what to do. */
export interface LifecycleEntry {
  readonly flag: string;
  readonly state: State;
  readonly owner?: string;
  /** Of a ghost there are only those who ask for it. */
  readonly evidence: Evidence;
  readonly action: string;
}

/** A key that code asks for. */
export interface Asked {
  readonly key: string;
  readonly places: readonly Reference[];
}

/**
 * Where every flag stands, those that ask most of somebody first. Archived flags that nobody asks for are done with
 * and left out.
 *
 * @param asked keys that code asks for as flags, whether there are such flags or not
 */
export function lifecycle(snapshot: Snapshot, facts: Facts, asked: readonly Asked[] = []): LifecycleEntry[] {
  const { settings } = snapshot;
  const owners = new Map(flagsIn(snapshot).map((flag) => [flag.key, flag.owner]));
  const known = gather(snapshot, facts);
  const entries = [...known].flatMap(([flag, evidence]) => entryOf(flag, evidence, owners.get(flag), settings));
  return [...entries, ...ghosts(asked, facts, known)].sort(byUrgency);
}

/** A key that is there and reads much the same is the likeliest reason. */
function ghostAction(flag: string, known: ReadonlyMap<string, Evidence>): string {
  const served = [...known].filter(([, { archived }]) => !archived).map(([key]) => key);
  const hint = didYouMean(flag, served);
  return hint === undefined ? STATES.ghost : `${hint} If not, ${STATES.ghost}`;
}

/** The same once it is known who took the last reference to flags away. */
export function withRemovals(
  entries: readonly LifecycleEntry[],
  removals: ReadonlyMap<string, Removal>,
  hidden: boolean,
  { settings }: Snapshot,
): LifecycleEntry[] {
  const judged = entries.flatMap((entry) => {
    const { flag, owner, evidence } = entry;
    if (!isOutOfCode(evidence)) return [entry];
    const removed = removals.get(flag);
    const more = { ...(removed && { removed }), ...(hidden && !removed && { removalHidden: true as const }) };
    return entryOf(flag, { ...evidence, ...more }, owner, settings);
  });
  return judged.sort(byUrgency);
}

function entryOf(flag: string, evidence: Evidence, owner: string | undefined, settings: Settings): LifecycleEntry[] {
  const state = stateOf(evidence, settings);
  if (state === undefined) return [];
  return [{ flag, state, ...(owner !== undefined && { owner }), evidence, action: actionOf(state, evidence) }];
}

function ghosts(asked: readonly Asked[], facts: Facts, known: ReadonlyMap<string, Evidence>): LifecycleEntry[] {
  const inCode = new Map(asked.map(({ key, places }) => [key, places]));
  const counted = facts.evaluations?.byFlag.keys() ?? [];
  const keys = new Set([...inCode.keys(), ...counted].filter((key) => !known.has(key)));
  return [...keys].map((flag) => {
    const evaluations = evaluationsOf({ key: flag }, facts);
    const evidence: Evidence = {
      archived: false,
      overdue: false,
      environments: {},
      dependents: [],
      ...(facts.references && { references: inCode.get(flag) ?? [] }),
      ...(evaluations && { evaluations }),
    };
    return { flag, state: 'ghost', evidence, action: ghostAction(flag, known) };
  });
}

function actionOf(state: State, { settled, dependents, references }: Evidence): string {
  if (state === 'ready_for_code_removal') return `put ${answerWords(settled?.answer)} in its place in the code`;
  if (state !== 'potentially_stale' || settled === undefined) return STATES[state];
  if (dependents.length > 0)
    return `everyone gets ${answerWords(settled.answer)}: first free ${listed(dependents)} of it`;
  if (references === undefined)
    return `everyone gets ${answerWords(settled.answer)}: find it in the code (\`--code DIR\`), then remove it`;
  return STATES[state];
}

/** What everyone gets, in words. */
export function answerWords(answer: string | null | undefined): string {
  return answer === null || answer === undefined ? "the caller's own default" : `\`${answer}\``;
}

function listed(keys: readonly string[]): string {
  return keys.map((key) => `\`${key}\``).join(', ');
}

const ORDER = Object.keys(STATES).reverse();

function byUrgency(a: LifecycleEntry, b: LifecycleEntry): number {
  const rank = ORDER.indexOf(a.state) - ORDER.indexOf(b.state);
  return rank === 0 ? (a.flag < b.flag ? -1 : 1) : rank;
}

/** Does somebody have to do something about it now? Not while it is snoozed. */
export function isDue({ state, evidence }: LifecycleEntry): boolean {
  return isStale(state) && evidence.snoozed === undefined;
}
