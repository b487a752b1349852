import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Refusal } from '../diagnostics/refusal.js';
import type { SourceFile } from '../syntax/source-file.js';
import { readDirectory } from './directory.js';

/** A directory as it stood for a while, and a name for that state, as long as a commit's id. */
export interface StateAtRest {
  readonly files: readonly SourceFile[];
  readonly version: string;
}

/** milliseconds that a tree must have stood as it is; who writes several files with shorter pauses is never seen between */
const REST = 100;

/** How often a tree is read at most to see it stand. */
const READINGS = 50;

/**
 * A tree that is being written to shows itself: a later reading differs. Whatever makes somebody look, be it in the
 * midst of a save, they take the tree only as it stood for a while.
 *
 * @throws Refusal when it does not come to rest, or cannot be read
 */
export async function readAtRest(root: string): Promise<StateAtRest> {
  let state = await read(root);
  for (let count = 1; count < READINGS; count += 1) {
    await pause(REST);
    const again = await read(root);
    if (again.version === state.version) return state;
    state = again;
  }
  throw new Refusal('unavailable', `the files in \`${root}\` are being written without end`);
}

async function read(root: string): Promise<StateAtRest> {
  const files = await readDirectory(root);
  return { files, version: versionOf(files) };
}

function versionOf(files: readonly SourceFile[]): string {
  const hash = createHash('sha256');
  for (const { path, text, problem = '' } of files) hash.update(JSON.stringify([path, problem, text]));
  return hash.digest('hex').slice(0, 40);
}
