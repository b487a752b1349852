import { resolve } from 'node:path';
import { Refusal } from '../diagnostics/refusal.js';
import type { Removal } from '../lifecycle/evidence.js';
import { mentionsIn, type Wanted } from '../lifecycle/references.js';
import { STILL_RUNNING } from '../lifecycle/state.js';
import { grouped } from '../report/evaluation-summary.js';
import { type CodeChange, type CodeCommit, codeChanges } from '../sources/code-changes.js';
import { ownFiles } from './code-scan.js';
import type { CompiledRepository } from './compiled.js';
import type { Progress } from './progress.js';
import { note, type Terminal } from './terminal.js';

/** Who took the last mention of a key away, as far as that is known. */
export interface Removals {
  readonly byKey: ReadonlyMap<string, Removal>;
  /** The days that matter are hidden: what is not in `byKey` may have gone just now. */
  readonly hidden: boolean;
}

const DAY = 86_400_000;

/** Further back than what matters only so much is looked at: characters of changed lines. */
const FURTHER = 16 * 1024 * 1024;

/**
 * One look at the history of each directory for all keys: the newest commit after which fewer lines speak of a key than
 * before it.
 */
export async function removalsOf(
  keys: readonly string[],
  directories: readonly string[],
  { wanted, now, root }: { readonly wanted: Wanted; readonly now: number } & Pick<CompiledRepository, 'root'>,
  terminal: Terminal,
  progress: Progress,
): Promise<Removals> {
  if (keys.length === 0) return { byKey: new Map(), hidden: false };
  const looks: Look[] = [];
  for (const directory of directories) {
    const from = resolve(terminal.cwd, directory);
    const look = new Look(keys, wanted, now, ownFiles(root, from));
    looks.push(look);
    await lookBack(look, from, directory, terminal, progress);
  }
  return together(looks);
}

/** What went long ago from one directory may have gone just now from another one that hides its last days. */
function together(looks: readonly Look[]): Removals {
  const hiding = looks.filter(({ hidden }) => hidden);
  const all = looks
    .flatMap(({ removals }) => [...removals])
    .filter(([key, { days }]) => days.count < STILL_RUNNING || hiding.every(({ removals }) => removals.has(key)));
  const oldestFirst = all.sort(([, a], [, b]) => b.days.count - a.days.count);
  return { byKey: new Map(oldestFirst), hidden: hiding.length > 0 };
}

async function lookBack(look: Look, from: string, directory: string, terminal: Terminal, progress: Progress) {
  try {
    for await (const one of codeChanges(from, terminal.env, look.since)) {
      look.take(one);
      if (look.done) break;
      progress.show(`${grouped(look.commits)} commits of code`);
    }
    look.close();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    if (error.code !== 'not-a-git-repository') look.hidden = true;
    await progress.clear();
    await note(terminal, `note: who took a flag out of \`${directory}\` is not known: ${error.message}`);
    return;
  }
  if (look.cutOff === undefined) return;
  await progress.clear();
  await note(terminal, `note: ${WORDS[look.cutOff](`\`${directory}\``)}`);
}

const WORDS: Readonly<Record<NonNullable<CodeCommit['cutOff']>, (directory: string) => string>> = {
  shallow: (directory) =>
    `a shallow clone hides who took flags out of ${directory} in the last ${STILL_RUNNING} days: \`git fetch --unshallow\` brings it`,
  submodule: (directory) =>
    `a submodule of ${directory} that is not here, or not whole, hides who took flags out of the code in the last ${STILL_RUNNING} days`,
  begun: (directory) =>
    `${directory} came to be in the last ${STILL_RUNNING} days: who took flags out of the code before is not known`,
};

/** Goes back from commit to commit, with what each added to a key and took away. */
class Look {
  readonly removals = new Map<string, Removal>();
  /** The days that matter are not to be seen. */
  hidden = false;
  /** Why. */
  cutOff: CodeCommit['cutOff'];
  commits = 0;
  readonly #left: Set<string>;
  readonly #wanted: Wanted;
  readonly #now: number;
  readonly #isOwn: (path: string) => boolean;
  #commit: CodeCommit = { time: Number.POSITIVE_INFINITY };
  #balance = new Map<string, number>();
  #beyond = 0;

  constructor(keys: readonly string[], wanted: Wanted, now: number, isOwn: (path: string) => boolean) {
    this.#left = new Set(keys);
    this.#wanted = wanted;
    this.#now = now;
    this.#isOwn = isOwn;
  }

  get done(): boolean {
    return this.#left.size === 0 || this.#beyond > FURTHER;
  }

  take(one: CodeCommit | CodeChange): void {
    if ('path' in one) this.#count(one);
    else this.#begin(one);
  }

  #begin(commit: CodeCommit): void {
    this.close();
    this.commits += 1;
    this.#commit = commit;
    if (commit.cutOff === undefined || !this.#matters()) return;
    this.hidden = true;
    this.cutOff = commit.cutOff;
  }

  /** Sums up the commit of which everything was told. */
  close(): void {
    for (const [key, balance] of this.#balance) {
      if (balance < 0 && this.#left.delete(key)) this.removals.set(key, this.#removal());
    }
    this.#balance = new Map();
  }

  #removal(): Removal {
    const { commit, time } = this.#commit;
    const count = Math.max(0, Math.floor((this.#now - time) / DAY));
    return { days: { count }, ...(commit !== undefined && { commit }) };
  }

  /** What is older does not matter; milliseconds since 1970. */
  get since(): number {
    return this.#now - STILL_RUNNING * DAY;
  }

  #matters(): boolean {
    return this.#commit.time > this.since;
  }

  #count({ path, removed, added }: CodeChange): void {
    if (!this.#matters()) this.#beyond += removed.length + added.length;
    if (this.#isOwn(path)) return;
    for (const { key } of mentionsIn(removed, this.#wanted)) this.#add(key, -1);
    for (const { key } of mentionsIn(added, this.#wanted)) this.#add(key, 1);
  }

  #add(key: string, count: number): void {
    if (this.#left.has(key)) this.#balance.set(key, (this.#balance.get(key) ?? 0) + count);
  }
}
