import { createHash } from 'node:crypto';
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

/** How often a tree is read at most to see it twice in the same state. */
const READINGS = 5;

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

/** A tree that is written to while it is read shows itself: the next reading differs. */
async function readAtRest(root: string): Promise<State> {
  let state = await read(root);
  for (let count = 1; count < READINGS; count += 1) {
    const again = await read(root);
    if (again.version === state.version) return state;
    state = again;
  }
  return state;
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
