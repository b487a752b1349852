import type { Change } from '../diff/change.js';
import { type Node, needsIn } from '../diff/dependents.js';
import { same } from '../diff/equal.js';
import { definitionsOf } from '../diff/sides.js';
import { evaluatorFor } from '../engine/evaluator.js';
import type { Context } from '../model/context.js';
import type { Evaluation } from '../model/evaluation.js';
import type { Snapshot } from '../model/snapshot.js';
import type { ReadingCache } from '../project/read-file.js';
import type { Repository } from '../sources/git.js';
import type { Commit } from '../sources/git-commits.js';
import { newestPassing, type Passing, snapshotAt } from './as-of.js';
import type { FileTable } from './file-table.js';
import { Meanings } from './meanings.js';
import { type ObjectId, PROJECT_ID } from './object-id.js';
import { diffObject, objectsOf } from './objects.js';
import { type Step, stepsBack, tableAt } from './steps.js';

/** Whose answer, and to what. */
export interface Question {
  readonly flag: string;
  /** The default one of each revision, if left out. */
  readonly environment?: string;
  readonly context: Context;
  /** The same clock for every revision; milliseconds since 1970. */
  readonly now: number;
}

/** The commit that brought about the answer of today. */
export interface Verdict {
  readonly commit: Commit;
  readonly before: Evaluation;
  readonly after: Evaluation;
  /** What it changed in the flag and in all that its answer depends on. */
  readonly changes: readonly Change[];
  /** Commits just before it that do not pass the gate, newest first: theirs may be the change, its the effect. */
  readonly refused: readonly Commit[];
}

/** No commit changed the answer: it has been the same for as far as history goes. */
export interface NoVerdict {
  readonly answer: Evaluation;
  /** The commit up to which a shallow clone hides what happened. */
  readonly cutOffAt?: string;
}

/**
 * Finds the newest commit along first parents that changed an answer, be it by the flag, a segment, a prerequisite, a
 * group or the project. Only commits that touch what the answer depends on are evaluated, newest first; so, unlike with
 * halving, an answer that changed back and forth does no harm. What counts is what a server would have served: commits
 * that do not pass the gate do not.
 *
 * @param from a commit whose flags pass the gate
 * @param until commits from this one back are not looked at
 */
export async function bisect(
  repository: Repository,
  from: Passing,
  question: Question,
  until?: string,
): Promise<Verdict | NoVerdict> {
  const search = new Search(repository, question, await tableAt(repository, from.commit), from.snapshot);
  for await (const step of stepsBack(repository, search.table, from.commit, 'all', until)) {
    const verdict = await search.take(step);
    if (verdict !== undefined) return verdict;
  }
  const answer = answerIn(from.snapshot, question);
  return search.cutOffAt === undefined ? { answer } : { answer, cutOffAt: search.cutOffAt };
}

/** What somebody gets by a snapshot. */
export function answerIn(snapshot: Snapshot, { flag, environment, context, now }: Question): Evaluation {
  const wanted = environment ?? snapshot.settings.defaultEnvironment;
  return evaluatorFor(definitionsOf(snapshot, wanted)).evaluate(flag, context, now);
}

/** Do both give the application the same? Why they do is another matter. */
export function isSameAnswer(one: Evaluation, other: Evaluation): boolean {
  return one.variant === other.variant && same(one.value, other.value);
}

class Search {
  readonly table: FileTable;
  cutOffAt: string | undefined;
  readonly #repository: Repository;
  readonly #question: Question;
  readonly #meanings: Meanings;
  readonly #readings: ReadingCache = new Map();
  readonly #walked: Commit[] = [];
  #needed: ReadonlySet<ObjectId>;

  constructor(repository: Repository, question: Question, table: FileTable, snapshot: Snapshot) {
    this.#repository = repository;
    this.#question = question;
    this.table = table;
    this.#meanings = new Meanings(repository);
    this.#needed = neededBy(snapshot, question);
  }

  async take(step: Step): Promise<Verdict | undefined> {
    this.#walked.push(step.commit);
    const touched = await this.table.touched(step.files, step.prefixBefore);
    const concerned = [...touched].some((id) => this.#needed.has(id) || id.startsWith('group:'));
    if (step.boundary) this.cutOffAt = step.commit.oid;
    if (step.boundary || !concerned) {
      await this.table.revert(step.files, step.prefixBefore);
      return undefined;
    }
    const after = await this.#answer();
    await this.table.revert(step.files, step.prefixBefore);
    const before = await this.#answer();
    return after !== undefined && before !== undefined && isSameAnswer(before, after) ? undefined : this.#judge(step);
  }

  /** The answer out of the files that it depends on, as they are in the table; `undefined`: they are not valid. */
  async #answer(): Promise<Evaluation | undefined> {
    for (;;) {
      const { snapshot, invalid } = await this.#meanings.snapshotOf(this.table, this.#needed);
      if (snapshot === undefined || invalid.size > 0) return undefined;
      const needed = new Set([...this.#needed, ...neededBy(snapshot, this.#question)]);
      if (needed.size === this.#needed.size) return answerIn(snapshot, this.#question);
      this.#needed = needed;
    }
  }

  /** Whole snapshots decide: what was served just before, and what has been served from the change on. */
  async #judge({ commit }: Step): Promise<Verdict | undefined> {
    const parent = commit.parents[0];
    const older = parent && (await newestPassing(this.#repository, parent, this.#readings));
    if (!older) return undefined;
    const newer = await this.#firstPassing();
    if (newer === undefined) return undefined;
    const [before, after] = [older.snapshot, newer.snapshot].map((snapshot) => answerIn(snapshot, this.#question));
    if (before === undefined || after === undefined || isSameAnswer(before, after)) return undefined;
    const ids = new Set([...neededBy(newer.snapshot, this.#question), ...neededBy(older.snapshot, this.#question)]);
    const [old, now] = [objectsOf(older.snapshot), objectsOf(newer.snapshot)];
    return {
      commit: newer.commit,
      before,
      after,
      changes: [...ids].flatMap((id) => diffObject(id, old, now)),
      refused: [...newer.refused, ...(await this.#commits(older.refused))],
    };
  }

  #commits(oids: readonly string[]): Promise<Commit[]> {
    return Promise.all(oids.map((oid) => this.#repository.commit(oid)));
  }

  /** From the commit at hand on towards today, the first that passes the gate. */
  async #firstPassing(): Promise<{ commit: Commit; snapshot: Snapshot; refused: Commit[] } | undefined> {
    const refused: Commit[] = [];
    for (const commit of this.#walked.toReversed()) {
      const snapshot = await snapshotAt(this.#repository, commit.oid, this.#readings);
      if (snapshot !== undefined) return { commit, snapshot, refused };
      refused.unshift(commit);
    }
    return undefined;
  }
}

/** All that an answer depends on, however indirectly. */
function neededBy(snapshot: Snapshot, { flag, environment }: Question): Set<ObjectId> {
  const wanted = environment ?? snapshot.settings.defaultEnvironment;
  const needs = needsIn(definitionsOf(snapshot, wanted));
  const found = new Set<Node>([`flag:${flag}`]);
  for (const node of found) for (const [on] of needs.get(node) ?? []) found.add(on);
  return new Set<ObjectId>([PROJECT_ID, ...found]);
}
