import { readChecked, writeChecked } from '../checked-file.js';
import type { Keeper } from './refresher.js';
import type { Candidate } from './source.js';

const FORMAT = 1;

/**
 * Keeps the last good state in a file, so that a server can start without its source. A file that is not as it was
 * written counts as none.
 */
export function snapshotCache(file: string): Keeper {
  return {
    keep: (candidate) => writeChecked(file, encode(candidate), 'the snapshot cache'),
    recall: async () => {
      const read = await readChecked(file);
      return read.kind === 'whole' ? decode(read.body) : undefined;
    },
  };
}

function encode({ files, revision, position }: Candidate): string {
  return JSON.stringify({ format: FORMAT, revision, position, files });
}

function decode(body: string): Candidate | undefined {
  const { format, ...candidate } = JSON.parse(body) as Candidate & { readonly format: number };
  return format === FORMAT ? candidate : undefined;
}
