import { crc32 } from 'node:zlib';
import type { TallyData } from '../../experiment/tally.js';

/** What one batch has added to the counts, as a line of the journal. */
export interface JournalLine {
  /** The idempotency key of the batch. */
  readonly id: string;
  /** When it was accepted; milliseconds since 1970. */
  readonly at: number;
  readonly tallies: readonly TallyData[];
}

/** `{"crc":"0a1b2c3d",` */
const HEAD = 18;

/** JSON that begins with a checksum of all the rest, so that what comes back is what was written. */
export function writeLine(line: JournalLine): string {
  const rest = JSON.stringify(line).slice(1);
  return `{"crc":"${checksum(rest)}",${rest}`;
}

/** @returns nothing when this is not a line as it was written */
export function readLine(text: string): JournalLine | undefined {
  const rest = text.slice(HEAD);
  return text.startsWith(`{"crc":"${checksum(rest)}",`) ? (JSON.parse(`{${rest}`) as JournalLine) : undefined;
}

function checksum(text: string): string {
  return crc32(text).toString(16).padStart(8, '0');
}
