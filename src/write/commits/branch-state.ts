import { flagsAt } from '../../history/place.js';
import { fileOf, withChanges } from '../../sources/changed-files.js';
import type { Repository } from '../../sources/git.js';
import type { GitReader } from '../../sources/git-process.js';
import { isListed } from '../../sources/git-tree.js';
import type { SourceFile } from '../../syntax/source-file.js';
import type { FileEdit } from '../writer.js';

/** The flag repository at a commit. */
export interface BranchState {
  readonly commit: string;
  /** The flags directory from the top, with `/` at the end; empty when it is the top. */
  readonly prefix: string;
  /** Sorted by path. */
  readonly files: readonly SourceFile[];
}

/** Reads states. Of the next commit only what differs from the last one is read. */
export class BranchStates {
  #last: BranchState | undefined;

  constructor(
    readonly repository: Repository,
    readonly git: GitReader,
  ) {}

  async at(commit: string): Promise<BranchState> {
    const known = this.#last;
    if (known?.commit === commit) return known;
    const state = (known && (await this.#after(known, commit))) ?? (await this.#whole(commit));
    this.#last = state;
    return state;
  }

  /** What a commit of our own leads to is known without reading, unless there may be links. */
  advance({ prefix, files }: BranchState, commit: string, edits: readonly FileEdit[]): void {
    const changes = edits.map(
      ({ path, after }) => [path, after === undefined ? undefined : { path, text: after }] as const,
    );
    const isPlain = edits.every(({ after }) => after !== undefined) && !files.some(isOpenLink);
    this.#last = isPlain ? { commit, prefix, files: withChanges(files, new Map(changes)) } : undefined;
  }

  async #whole(commit: string): Promise<BranchState> {
    const place = await flagsAt(this.repository, commit);
    return { commit, prefix: place.prefix, files: await place.readRevision(commit) };
  }

  /** `undefined`: the two differ in a way that only reading everything tells. */
  async #after({ commit: before, prefix, files }: BranchState, commit: string): Promise<BranchState | undefined> {
    const place = await flagsAt(this.repository, commit);
    if (place.prefix !== prefix || files.some(isOpenLink)) return undefined;
    const lines = await differences(this.git, before, commit, prefix).catch(() => undefined);
    if (lines === undefined || lines.some(({ isPlain }) => !isPlain)) return undefined;
    const listed = lines.filter(({ path }) => isListed(path, false));
    const entries = listed.map(async ({ path, oid }) => [path, await fileOf(this.repository, path, oid)] as const);
    return { commit, prefix, files: withChanges(files, new Map(await Promise.all(entries))) };
  }
}

/** A link that leads nowhere may lead to a file that comes. */
function isOpenLink({ problem }: SourceFile): boolean {
  return problem === 'unreadable';
}

interface Difference {
  /** Relative to the flags directory. */
  readonly path: string;
  /** Of the blob. */
  readonly oid: string;
  /** A file that comes or changes. Not so a link, nor a file that goes: a link may lead to it. */
  readonly isPlain: boolean;
}

/** `:MODE MODE OID OID STATUS\0PATH\0`, again and again. */
async function differences(git: GitReader, before: string, after: string, prefix: string): Promise<Difference[]> {
  const scope = prefix === '' ? [] : ['--', prefix];
  const args = ['diff-tree', '-r', '-z', '--raw', '--no-abbrev', '--no-renames', before, after, ...scope];
  const tokens = (await git.run(args)).split('\0').slice(0, -1);
  return Array.from({ length: tokens.length / 2 }, (_, index) => {
    const [header = '', from = ''] = tokens.slice(2 * index, 2 * index + 2);
    const [oldMode = '', newMode = '', , oid = ''] = header.slice(1).split(' ');
    const isPlain = /^(?:100|000)/.test(oldMode) && newMode.startsWith('100');
    return { path: from.slice(prefix.length), oid, isPlain };
  });
}
