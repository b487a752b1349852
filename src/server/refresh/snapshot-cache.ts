import { readChecked, writeChecked } from '../checked-file.js';
import type { Keeper } from './refresher.js';
import type { Candidate } from './source.js';
import type { Touch } from './touches.js';

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

/** What the file says. */
interface Kept extends Omit<Candidate, 'touches'> {
  readonly format: number;
  readonly touches?: readonly (readonly [path: string, touch: Touch])[];
}

function encode({ files, revision, position, touches }: Candidate): string {
  const kept: Kept = { format: FORMAT, revision, position, files, ...(touches && { touches: [...touches] }) };
  return JSON.stringify(kept);
}

function decode(body: string): Candidate | undefined {
  const { format, touches, ...candidate } = JSON.parse(body) as Kept;
  if (format !== FORMAT) return undefined;
  return touches === undefined ? candidate : { ...candidate, touches: new Map(touches) };
}
