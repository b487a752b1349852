import type { Change } from '../diff/change.js';
import type { ReadingCache } from '../project/read-file.js';
import type { Repository } from '../sources/git.js';
import type { Commit } from '../sources/git-commits.js';
import type { SignatureStatus } from '../sources/git-signatures.js';
import type { FileTable } from './file-table.js';
import { type InvalidFile, type Meaning, Meanings } from './meanings.js';
import { keyOfId, kindOfId, type ObjectId } from './object-id.js';
import { concernsSlot, diffObject, type Objects } from './objects.js';
import { inSlices } from './slices.js';
import type { Step, Wanted, WayBack } from './steps.js';
import { type Thoroughness, wayBack } from './way-back.js';

/** One commit, and what it changed in meaning. */
export interface LogEntry {
  readonly commit: Commit;
  /** None: it touched comments, formatting or names of files only, or what it changed cannot be told. */
  readonly changes: readonly Change[];
  /** Files that said nothing from this commit on, since something was wrong with them. */
  readonly invalid: readonly InvalidFile[];
}

/** An entry, and whether its commit is signed. */
export interface AuditEntry extends LogEntry {
  readonly signature: SignatureStatus;
}

/** Looks up the signatures of entries that are to be shown. */
export async function withSignatures(repository: Repository, entries: readonly LogEntry[]): Promise<AuditEntry[]> {
  const signatures = await repository.signatures(entries.map(({ commit }) => commit.oid));
  return entries.map((entry) => ({ ...entry, signature: signatures.get(entry.commit.oid) ?? 'unknown' }));
}

/** The history of a flag repository along first parents. */
export interface History {
  /** Newest first. */
  readonly entries: AsyncGenerator<LogEntry>;
  /** Once the entries are read: the commit up to which a shallow clone hides what happened. */
  cutOffAt(): string | undefined;
}

/**
 * @param from a commit, by its id
 * @param key of a flag, segment or group; without one, all that there is
 * @param readings files that were read already, by their paths in the flags directory
 * @throws Refusal when there never was such a key
 */
export async function readHistory(
  repository: Repository,
  from: string,
  key?: string,
  thoroughness?: Thoroughness,
  readings?: ReadingCache,
): Promise<History> {
  const { table, wanted, steps } = await wayBack(repository, from, key, thoroughness);
  const reader = new HistoryReader(repository, table, wanted, readings);
  return { entries: reader.entries(steps), cutOffAt: () => reader.cutOffAt };
}

/** An entry that is being put together. It waits for the newest sound state before it, where the nearest one is not. */
interface OpenEntry {
  readonly commit: Commit;
  readonly changes: Map<ObjectId, readonly Change[]>;
  readonly invalid: InvalidFile[];
  waiting: number;
}

/** How many objects are compared in one go. */
const AT_A_TIME = 250;

class HistoryReader {
  cutOffAt: string | undefined;
  readonly #table: FileTable;
  readonly #wanted: Wanted;
  readonly #meanings: Meanings;
  readonly #open: OpenEntry[] = [];
  readonly #pending = new Map<ObjectId, { readonly entry: OpenEntry; readonly after: Objects | undefined }>();

  constructor(repository: Repository, table: FileTable, wanted: Wanted, readings?: ReadingCache) {
    this.#table = table;
    this.#wanted = wanted;
    this.#meanings = new Meanings(repository, readings);
  }

  async *entries(steps: WayBack['steps']): AsyncGenerator<LogEntry> {
    for await (const step of steps) {
      await this.#take(step);
      yield* this.#finished(false);
    }
    yield* this.#finished(true);
  }

  async #take(step: Step): Promise<void> {
    const touched = await this.#table.touched(step.files, step.prefixBefore);
    const ids = this.#wanted === 'all' ? touched : new Set([...this.#wanted, ...[...touched].filter(isGroup)]);
    const after = await this.#meanings.of(this.#table, ids);
    await this.#table.revert(step.files, step.prefixBefore);
    const before = step.boundary ? undefined : await this.#meanings.of(this.#table, ids);
    const entry: OpenEntry = { commit: step.commit, changes: new Map(), invalid: [], waiting: 0 };
    for await (const some of inSlices(ids, AT_A_TIME)) {
      for (const id of some) this.#compare(entry, id, before, after);
    }
    if (before === undefined) this.cutOffAt = step.commit.oid;
    else if (hasContent(entry) || this.#isAbout(touched)) this.#open.push(entry);
  }

  /** A change counts from the newest sound state before it: that is what was served until then. */
  #compare(entry: OpenEntry, id: ObjectId, before: Meaning | undefined, after: Meaning): void {
    const problem = after.invalid.get(id);
    const unsound = before?.invalid.has(id) === true;
    if (problem === undefined) this.#settle(id, after.objects);
    else if (before !== undefined && !unsound) this.#settle(id, before.objects);
    if (problem !== undefined) {
      if (problem.message !== before?.invalid.get(id)?.message) entry.invalid.push(problem);
    } else if (unsound) {
      this.#pending.set(id, { entry, after: after.objects });
      entry.waiting += 1;
    } else if (before !== undefined) {
      entry.changes.set(id, this.#diff(id, before.objects, after.objects));
    }
  }

  #settle(id: ObjectId, before: Objects | undefined): void {
    const pending = this.#pending.get(id);
    if (pending === undefined) return;
    this.#pending.delete(id);
    pending.entry.changes.set(id, this.#diff(id, before, pending.after));
    pending.entry.waiting -= 1;
  }

  /** Of a group that was not asked for, only the slots of flags that were. */
  #diff(id: ObjectId, before: Objects | undefined, after: Objects | undefined): Change[] {
    const changes = diffObject(id, before, after);
    const wanted = this.#wanted;
    if (wanted === 'all' || wanted.has(id)) return changes;
    return changes.filter((change) => [...wanted].some((flag) => concernsSlot(change, keyOfId(flag))));
  }

  #isAbout(touched: ReadonlySet<ObjectId>): boolean {
    const wanted = this.#wanted;
    return wanted === 'all' ? touched.size > 0 : [...touched].some((id) => wanted.has(id));
  }

  *#finished(all: boolean): Generator<LogEntry> {
    for (let entry = this.#open[0]; entry !== undefined && (all || entry.waiting === 0); entry = this.#open[0]) {
      this.#open.shift();
      yield { commit: entry.commit, changes: changesOf(entry), invalid: entry.invalid };
    }
  }
}

function isGroup(id: ObjectId): boolean {
  return kindOfId(id) === 'group';
}

function hasContent({ changes, invalid, waiting }: OpenEntry): boolean {
  return waiting > 0 || invalid.length > 0 || [...changes.values()].some((found) => found.length > 0);
}

const ORDER = ['project', 'flag', 'segment', 'group'] as const;

/** The project first, then flags, segments and groups by key, as in a diff. */
function changesOf({ changes }: OpenEntry): Change[] {
  const ranked = [...changes].map(([id, found]) => [`${ORDER.indexOf(kindOfId(id))}${keyOfId(id)}`, found] as const);
  return ranked.sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([, found]) => found);
}
