import { rename } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { TallyData } from '../../experiment/tally.js';
import { readChecked, writeChecked } from '../checked-file.js';

const FORMAT = 1;

/** The counts as they were when a file of the journal was whole. */
export interface Checkpoint {
  readonly format: typeof FORMAT;
  /** The last file of the journal that it contains. */
  readonly through: number;
  readonly ids: readonly (readonly [string, number])[];
  readonly tallies: readonly TallyData[];
}

const NOTHING: Checkpoint = { format: FORMAT, through: 0, ids: [], tallies: [] };

/**
 * What is not as it was written, or written in another form, is put aside, and told.
 *
 * @throws Refusal when it cannot be read now: beginning anew would lose it
 */
export async function readCheckpoint(directory: string, warn: (message: string) => void): Promise<Checkpoint> {
  const file = fileIn(directory);
  const kept = await readChecked(file);
  if (kept.kind === 'missing') return NOTHING;
  if (kept.kind === 'unreadable') throw kept.refusal;
  const checkpoint = kept.kind === 'whole' ? (JSON.parse(kept.body) as Checkpoint) : undefined;
  if (checkpoint?.format === FORMAT) return checkpoint;
  const aside = `${file}.damaged`;
  await rename(file, aside);
  const what = 'the exposure counts on disk are damaged, or of another version';
  warn(`${what}: they are put aside as \`${basename(aside)}\`, and counting begins with the journal`);
  return NOTHING;
}

/** What a checkpoint is made of; all counts together are too much to look at in one go. */
export interface CheckpointParts extends Pick<Checkpoint, 'through' | 'ids'> {
  readonly tallies: Iterable<TallyData>;
}

/** How many ids are written down in one go. */
const SOME = 10_000;

/** Its text, in pieces, with a stop after each. */
export function* checkpointText({ through, ids, tallies }: CheckpointParts): Generator<undefined, string[]> {
  const pieces = [`{"format":${FORMAT},"through":${through},"ids":[`];
  for (let at = 0; at < ids.length; at += SOME) {
    const some = JSON.stringify(ids.slice(at, at + SOME)).slice(1, -1);
    pieces.push(at === 0 ? some : `,${some}`);
    yield;
  }
  pieces.push('],"tallies":[');
  let between = '';
  for (const tally of tallies) {
    pieces.push(between + JSON.stringify(tally));
    between = ',';
    yield;
  }
  return [...pieces, ']}'];
}

/**
 * @param pieces see `checkpointText`
 * @param scratch a directory to write it in before
 * @throws Refusal when it cannot be written
 */
export function writeCheckpoint(directory: string, pieces: readonly string[], scratch?: string): Promise<void> {
  return writeChecked(fileIn(directory), pieces, 'the exposure counts', scratch);
}

function fileIn(directory: string): string {
  return join(directory, 'counts.json');
}
