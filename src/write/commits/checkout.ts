import { copyFile, lstat, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { Refusal } from '../../diagnostics/refusal.js';
import { fileRefusal, writingRefusal } from './complaints.js';
import { type IndexLock, type Journey, type LockTimes, lockIndex } from './index-lock.js';
import type { Plumbing, PlumbingAnswer } from './plumbing.js';
import { BEHIND, type Move, type Touched } from './target.js';

/** A working tree that is to go from one commit to another with its branch. */
interface Following extends Journey {
  /** The top of the working tree. */
  readonly top: string;
  readonly branch: string;
  readonly touched: readonly Touched[];
}

/** Working trees that have a branch checked out. */
export interface Checkouts {
  /**
   * Moves the branch, and the files and the index with it. Files with changes of their own stay as they are.
   *
   * @param move moves the branch and nothing else
   * @throws Refusal before anything is changed, when the files concerned have changes of their own
   */
  follow(following: Following, move: () => Promise<Move>): Promise<Move>;
}

/** @param plumbingAt git in a working tree */
export function checkouts(plumbingAt: (top: string) => Plumbing, times: LockTimes): Checkouts {
  const directories = new Map<string, string>();
  return {
    follow: async (following, move) => {
      const plumbing = plumbingAt(following.top);
      const gitDirectory = directories.get(following.top) ?? (await gitDirectoryOf(plumbing));
      directories.set(following.top, gitDirectory);
      const lock = await lockIndex(gitDirectory, times);
      try {
        const tree = new WorkingTree(plumbing, join(gitDirectory, 'index'), lock);
        await tree.finish();
        return await followed(tree, following, move);
      } catch (error) {
        throw fileRefusal(gitDirectory, error);
      } finally {
        await lock.release();
      }
    },
  };
}

async function gitDirectoryOf(plumbing: Plumbing): Promise<string> {
  const answer = await plumbing.git(['rev-parse', '--absolute-git-dir']);
  if (!answer.ok) throw writingRefusal(plumbing, answer);
  return answer.output;
}

async function followed(tree: WorkingTree, following: Following, move: () => Promise<Move>): Promise<Move> {
  const { branch, from, touched, top } = following;
  const status = await tree.status();
  if (status.branch !== branch || status.commit !== from) return BEHIND;
  const concerned = touched.map(({ path }) => path);
  const dirty = concerned.filter((path) => status.dirty.has(path));
  if (dirty.length > 0) throw uncommitted(dirty);
  await refuseUntracked(top, touched);
  await tree.refuseBlocked(following);
  await tree.note(following);
  const moved = await move();
  // A hook that does not come back may be one that is told at the end: the branch stands where it was to go.
  if (moved.kind !== 'moved' && !(await tree.isOn(following))) return moved;
  const stayed = (await tree.go(following)) ? [] : concerned;
  return { kind: 'moved', leftAlone: [...status.dirty, ...stayed].sort() };
}

/** git itself would overwrite a file that it was told to ignore. */
async function refuseUntracked(top: string, touched: readonly Touched[]): Promise<void> {
  for (const { path, isNew } of touched) {
    const isThere = isNew && (await lstat(join(top, path)).catch(() => undefined)) !== undefined;
    if (isThere) throw uncommitted([path]);
  }
}

function uncommitted(paths: readonly string[], complaint?: string): Refusal {
  const names = paths.map((path) => `\`${path}\``).join(', ');
  return new Refusal('uncommitted', `${names} has changes in the working tree that are not committed`, {
    help: complaint ?? 'nothing was changed; commit or undo them first, then try again',
  });
}

interface Status {
  readonly branch: string | undefined;
  readonly commit: string | undefined;
  /** Paths from the top of what git knows and what is not as committed. */
  readonly dirty: ReadonlySet<string>;
}

/** Works on a copy of the index, so that the real one changes in one step. */
class WorkingTree {
  constructor(
    readonly plumbing: Plumbing,
    readonly index: string,
    readonly lock: IndexLock,
  ) {}

  /** A process died between moving the branch and taking the files along. */
  async finish(): Promise<void> {
    const { unfinished } = this.lock;
    if (unfinished === undefined) return;
    if (!(await this.isOn(unfinished))) return;
    await this.#copyIndex();
    await this.go(unfinished);
  }

  /** Has the branch got where the journey leads? */
  async isOn({ to }: Journey): Promise<boolean> {
    const { ok } = await this.#git(['merge-base', '--is-ancestor', to, 'HEAD']);
    return ok;
  }

  async status(): Promise<Status> {
    await this.#copyIndex();
    const args = ['status', '--porcelain=v2', '--branch', '-z', '--no-renames', '--untracked-files=no'];
    const answer = await this.#git([...args, '--ignore-submodules=dirty']);
    if (!answer.ok) throw writingRefusal(this.plumbing, answer);
    const records = answer.output.split('\0');
    const header = (name: string) => records.find((record) => record.startsWith(`# branch.${name} `))?.split(' ')[2];
    const dirty = new Set(records.map(pathOf).filter((path) => path !== undefined));
    return { branch: header('head'), commit: header('oid'), dirty };
  }

  /** Asks git whether it could go there. */
  async refuseBlocked({ from, to, touched }: Following): Promise<void> {
    const answer = await this.#git(['read-tree', '-m', '-u', '--dry-run', from, to]);
    const said = answer.complaint.replace(/^(?:error|fatal): /, '');
    if (!answer.ok)
      throw uncommitted(
        touched.map(({ path }) => path),
        said,
      );
  }

  note({ from, to }: Journey): Promise<void> {
    return this.lock.note({ from, to });
  }

  /**
   * The branch has moved, so at least the index must follow: else the next commit by hand would undo what was written.
   *
   * @returns whether the files came along
   */
  async go({ from, to }: Journey): Promise<boolean> {
    const { ok } = await this.#git(['read-tree', '-m', '-u', from, to]);
    if (!ok) await this.#git(['read-tree', '-i', '-m', from, to]);
    const replaced = await this.lock.replaceIndex().catch(() => false);
    return replaced && ok;
  }

  /**
   * With its time: a file that was edited in the second in which the index was written may look as it did, and only
   * that the index is no younger tells git to look inside.
   */
  async #copyIndex(): Promise<void> {
    try {
      const { atime, mtime } = await stat(this.index);
      await copyFile(this.index, this.lock.copy);
      await utimes(this.lock.copy, atime, mtime);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }

  /** With optional locks, git notes in the copy what it found out about files that were only touched. */
  #git(args: readonly string[]): Promise<PlumbingAnswer> {
    return this.plumbing.git(args, { env: { GIT_INDEX_FILE: this.lock.copy, GIT_OPTIONAL_LOCKS: '1' } });
  }
}

/** `1 XY SUB MODE MODE MODE ID ID PATH`, or `u` with ten fields before the path. */
function pathOf(record: string): string | undefined {
  const [, kind, rest = ''] = /^([1u]) (.*)$/s.exec(record) ?? [];
  if (kind === undefined) return undefined;
  return rest
    .split(' ')
    .slice(kind === '1' ? 7 : 9)
    .join(' ');
}
