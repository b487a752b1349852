import { readAtRest } from '../../sources/at-rest.js';
import { watchDirectory } from '../../sources/watch.js';
import type { Candidate, FlagSource } from './source.js';

export interface WorktreeOptions {
  readonly root: string;
  /** 12 hexadecimal digits that tell this start from any other */
  readonly history: string;
  /** milliseconds since 1970 */
  readonly now: () => number;
}

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
