import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Refusal } from '../../diagnostics/refusal.js';
import { readDirectory } from '../../sources/directory.js';
import { watchDirectory } from '../../sources/watch.js';
import type { SourceFile } from '../../syntax/source-file.js';
import type { Candidate, FlagSource } from './source.js';

export interface WorktreeOptions {
  readonly root: string;
  /** 12 hexadecimal digits that tell this start from any other */
  readonly history: string;
  /** milliseconds since 1970 */
  readonly now: () => number;
}

/** milliseconds that a tree must have stood as it is; who writes several files with shorter pauses is never seen between */
const REST = 100;

/** How often a tree is read at most to see it stand. */
const READINGS = 50;

/** Flags as they stand in a directory. A state is named by a hash of it, and counted. */
export function worktreeSource({ root, history, now }: WorktreeOptions): FlagSource {
  let last: Candidate | undefined;

  async function newest(): Promise<Candidate> {
    const { files, version } = await readAtRest(root);
    if (last?.revision.version === version) return last;
    const at = new Date(now()).toISOString();
    const revision = { version, author: '', message: 'the working tree has changed', at };
    last = { files, revision, position: { height: (last?.position.height ?? 0) + 1, history } };
    return last;
  }

  return {
    origin: 'worktree',
    newest,
    older: nothing,
    descends: async () => true,
    load: async () => undefined,
    watch: async (handlers) => {
      const watching = await watchDirectory(root, handlers);
      return () => watching.close();
    },
    close: () => undefined,
  };
}

async function* nothing(): AsyncGenerator<never> {}

interface State {
  readonly files: readonly SourceFile[];
  readonly version: string;
}

/**
 * A tree that is being written to shows itself: a later reading differs. Whatever makes the server look, be it in the
 * midst of a save, it takes the tree only as it stood for a while.
 *
 * @throws Refusal when it does not come to rest
 */
async function readAtRest(root: string): Promise<State> {
  let state = await read(root);
  for (let count = 1; count < READINGS; count += 1) {
    await pause(REST);
    const again = await read(root);
    if (again.version === state.version) return state;
    state = again;
  }
  throw new Refusal('unavailable', `the files in \`${root}\` are being written without end`);
}

async function read(root: string): Promise<State> {
  const files = await readDirectory(root);
  return { files, version: versionOf(files) };
}

/** As long as a commit's id. */
function versionOf(files: readonly SourceFile[]): string {
  const hash = createHash('sha256');
  for (const { path, text, problem = '' } of files) hash.update(JSON.stringify([path, problem, text]));
  return hash.digest('hex').slice(0, 40);
}
