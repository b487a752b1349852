import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { readChecked, writeChecked } from '../checked-file.js';
import type { DataDirectory } from '../data-directory.js';
import type { Kill } from './kill.js';
import type { KillKeeper } from './kills.js';

/** Keeps kills in a directory. */
export interface KillFile extends KillKeeper {
  readonly kept: readonly Kill[];
}

/**
 * Those kept in a directory. A damaged file is put aside and told: a server that does not start would be worse.
 *
 * @throws Refusal when they cannot be read now, or nothing can be written there
 */
export async function openKillFile(directory: DataDirectory, damaged: (file: string) => void): Promise<KillFile> {
  const file = join(directory.path, 'kills.json');
  const read = await readChecked(file);
  if (read.kind === 'unreadable') throw read.refusal;
  if (read.kind === 'damaged') {
    await rename(file, `${file}.damaged`);
    damaged(`${file}.damaged`);
  }
  const kept = read.kind === 'whole' ? (JSON.parse(read.body) as readonly Kill[]) : [];
  const keep = async (kills: readonly Kill[]) => {
    await directory.confirm();
    await writeChecked(file, JSON.stringify(kills), 'the kills', directory.scratch);
  };
  await keep(kept);
  return { kept, keep };
}
