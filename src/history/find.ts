import { Refusal } from '../diagnostics/refusal.js';
import { didYouMean } from '../diagnostics/suggest.js';
import type { Repository } from '../sources/git.js';
import type { FileTable } from './file-table.js';
import { keyOfId, kindOfId, type ObjectId } from './object-id.js';
import { walkFlags } from './steps.js';

/**
 * The flag, segment and group of this key, as they are at a commit (whose files `table` holds), or else as they were when they were last there.
 * @throws Refusal when none ever was
 */
export async function findObjects(
  repository: Repository,
  table: FileTable,
  from: string,
  key: string,
): Promise<Set<ObjectId>> {
  const here = [...table.ids].filter((id) => isOf(id, key));
  if (here.length > 0) return new Set(here);
  const gone = await findRemoved(repository, table, from, key);
  if (gone.size > 0) return gone;
  throw new Refusal('not-found', `there is no flag, segment or group \`${key}\`, and never was`, {
    help: didYouMean(key, new Set(Array.from(table.ids, keyOfId))) ?? '`flagstaff list` shows the flags there are',
  });
}

function isOf(id: ObjectId, key: string): boolean {
  return kindOfId(id) !== 'project' && keyOfId(id) === key;
}

/** Objects whose files a commit removed, or gave another key. */
async function findRemoved(
  repository: Repository,
  table: FileTable,
  from: string,
  key: string,
): Promise<Set<ObjectId>> {
  for await (const { files } of walkFlags(repository, from, { options: ['--diff-filter=DM'] })) {
    const ids = await table.touched(files.map(({ path, before }) => ({ path, before, after: undefined })));
    const found = [...ids].filter((id) => isOf(id, key));
    if (found.length > 0) return new Set(found);
  }
  return new Set();
}
