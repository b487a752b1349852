import { child } from '../diagnostics/pointer.js';
import { Refusal } from '../diagnostics/refusal.js';
import { same } from '../diff/equal.js';
import { diffFlag, type FlagVersions } from '../diff/flag.js';
import { matchRules } from '../diff/match.js';
import type { Repository } from '../sources/git.js';
import type { Commit } from '../sources/git-commits.js';
import { type BlameItem, itemsOf } from './blame-items.js';
import type { FileTable } from './file-table.js';
import { type Meaning, Meanings } from './meanings.js';
import { keyOfId, type ObjectId } from './object-id.js';
import { stepsBack, tableAt } from './steps.js';

/** What a flag says, and the commit that last changed what it means. */
export interface Blamed extends Omit<BlameItem, 'environment'> {
  /** Empty: everywhere. */
  readonly environments: readonly string[];
  /** Left out: further back than a shallow clone can see. */
  readonly commit?: Commit;
}

/**
 * Each rule and field of a flag at a commit with the commit that last changed its meaning. That a rule was renamed, or
 * that its place has another number now, is no change of its meaning; that it moved among the others is.
 *
 * @throws Refusal when there is no such flag, or when its files are not valid
 */
export async function blame(repository: Repository, from: string, key: string): Promise<Blamed[]> {
  const table = await tableAt(repository, from);
  const id: ObjectId = `flag:${key}`;
  const meanings = new Meanings(repository);
  const now = versionsIn(await meanings.of(table, new Set([id])), id);
  if (now === undefined) throw noSuchFlag(key);
  const search = new Search(now);
  for await (const state of soundStates(repository, table, meanings, from, id)) {
    search.take(state);
    if (search.done) break;
  }
  return merged(search.result(), now.size);
}

function noSuchFlag(key: string): Refusal {
  const help = `\`flagstaff log ${key}\` tells what became of it, if it ever was`;
  return new Refusal('not-found', `there is no flag \`${key}\``, { help });
}

/** A flag as it stood from a commit on. */
interface State {
  readonly commit: Commit;
  /** `undefined`: it was not there. */
  readonly versions: FlagVersions | undefined;
  /** `false`: a group that names the flag was not valid. */
  readonly slotsKnown: boolean;
  readonly boundary: boolean;
}

/** Newest first; states in which the flag's files were not valid are passed over. */
async function* soundStates(
  repository: Repository,
  table: FileTable,
  meanings: Meanings,
  from: string,
  id: ObjectId,
): AsyncGenerator<State> {
  for await (const { commit, files, boundary, prefixBefore } of stepsBack(repository, table, from, new Set([id]))) {
    const meaning = await meanings.of(table, new Set([id, ...groupsIn(table)]));
    const slotsKnown = !(await isNamedByBroken(repository, table, meaning, id));
    await table.revert(files, prefixBefore);
    if (!meaning.invalid.has(id)) yield { commit, versions: versionsIn(meaning, id, false), slotsKnown, boundary };
  }
}

function groupsIn(table: FileTable): ObjectId[] {
  return Array.from(table.groups, (path) => table.knownId(path)).filter((id) => id !== undefined);
}

/** Does a group that is not valid name the flag? */
async function isNamedByBroken(
  repository: Repository,
  table: FileTable,
  { invalid }: Meaning,
  id: ObjectId,
): Promise<boolean> {
  const paths = groupsIn(table).flatMap((group) => (invalid.has(group) ? table.pathsOf(group) : []));
  const texts = await Promise.all(paths.map((path) => repository.readBlob(table.oidOf(path) ?? '')));
  return texts.some(({ text }) => text.includes(keyOfId(id)));
}

/** @throws Refusal when the flag's files are not valid and `strict` */
function versionsIn({ objects, invalid }: Meaning, id: ObjectId, strict = true): FlagVersions | undefined {
  const problem = invalid.get(id);
  if (problem === undefined || !strict) return objects?.flags.get(id.slice('flag:'.length));
  throw new Refusal('unreadable', `\`${problem.file}\` is not valid: ${problem.message}`, {
    help: '`flagstaff lint` shows where; `--ref REV` looks at an earlier revision',
  });
}

/** An item on its way back: a rule may have had another name. */
interface Sought {
  readonly item: BlameItem;
  path: string;
}

class Search {
  readonly #items: readonly BlameItem[];
  readonly #found = new Map<BlameItem, Commit>();
  #sought: Sought[];
  #newer: State | undefined;
  /** The newer state whose slots are known. */
  #newerSlots: State | undefined;

  constructor(now: FlagVersions) {
    this.#items = itemsOf(now);
    this.#sought = this.#items.map((item) => ({ item, path: item.path }));
  }

  get done(): boolean {
    return this.#sought.length === 0;
  }

  /** The next older sound state: what it says otherwise was changed by the commit of the one before. */
  take(state: State): void {
    const [newer, newerSlots] = [this.#newer, this.#newerSlots];
    this.#newer = state;
    if (state.slotsKnown) this.#newerSlots = state;
    if (newer === undefined) return;
    this.#settle(changesFrom(state.versions, newer.versions), newer.commit);
    if (newerSlots && state.slotsKnown) {
      this.#settle(slotChanges(state.versions, newerSlots.versions), newerSlots.commit);
    }
    for (const one of this.#sought) one.path = olderPath(one, state.versions, newer.versions);
  }

  #settle(changed: readonly Place[], commit: Commit): void {
    this.#sought = this.#sought.filter((one) => {
      const isChanged = changed.some((place) => concerns(place, one));
      if (isChanged) this.#found.set(one.item, commit);
      return !isChanged;
    });
  }

  /** What is left was there from the beginning, if that can be seen. */
  result(): { item: BlameItem; commit: Commit | undefined }[] {
    const oldest = this.#newer?.boundary === false ? this.#newer.commit : undefined;
    return this.#items.map((item) => ({ item, commit: this.#found.get(item) ?? oldest }));
  }
}

/** Where something changed. */
interface Place {
  readonly path: string;
  readonly environment?: string;
}

function changesFrom(before: FlagVersions | undefined, after: FlagVersions | undefined): Place[] {
  const renames = /^\/rules\/[^/]*\/name$/;
  const changes: Place[] = diffFlag(before, after).filter(({ path }) => !renames.test(path));
  const environments = [...(after?.keys() ?? [])];
  return [
    ...changes,
    ...environments.filter((name) => before?.has(name) !== true).map((environment) => ({ path: '', environment })),
  ];
}

function slotChanges(before: FlagVersions | undefined, after: FlagVersions | undefined): Place[] {
  return [...(after?.keys() ?? [])]
    .filter((name) => !same(before?.get(name)?.experiment?.slot, after?.get(name)?.experiment?.slot))
    .map((environment) => ({ path: '/experiment', environment }));
}

function concerns(place: Place, { item, path }: Sought): boolean {
  if (place.environment !== undefined && place.environment !== item.environment) return false;
  return place.path === path || place.path.startsWith(`${path}/`) || path.startsWith(`${place.path}/`);
}

/** Where an unchanged item stood before: its rule may have had another name, or number. */
function olderPath({ item, path }: Sought, before: FlagVersions | undefined, after: FlagVersions | undefined): string {
  if (!path.startsWith('/rules/') || item.environment === undefined) return path;
  const [old, now] = [before?.get(item.environment), after?.get(item.environment)];
  const pairs = matchRules(old?.rules ?? [], now?.rules ?? []).pairs;
  const pair = pairs.find(({ after: rule }) => child('/rules', rule.name) === path);
  return pair === undefined ? path : child('/rules', pair.before.name);
}

/** What is the same in several environments, for the same reason, as one. */
function merged(found: readonly { item: BlameItem; commit: Commit | undefined }[], environments: number): Blamed[] {
  const lines = new Map<string, { item: BlameItem; commit: Commit | undefined; environments: string[] }>();
  for (const { item, commit } of found) {
    const place = JSON.stringify([item.path, item.text, commit?.oid]);
    const line = lines.get(place) ?? { item, commit, environments: [] };
    lines.set(place, line);
    if (item.environment !== undefined) line.environments.push(item.environment);
  }
  return [...lines.values()].map(({ item: { path, field, text }, commit, environments: places }) => ({
    path,
    field,
    text,
    environments: places.length === environments ? [] : places,
    ...(commit === undefined ? {} : { commit }),
  }));
}
