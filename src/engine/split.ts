import type { Evaluation } from '../model/evaluation.js';
import type { Split } from '../model/flag.js';
import { boundary, scaled } from './bucket.js';
import { Fault } from './fault.js';
import type { FlagScope, Step } from './flag-scope.js';
import type { Told } from './instrument.js';
import { toThousandths, WHOLE } from './percent.js';
import { NOWHERE } from './place.js';
import { fail, unparsable } from './scope.js';
import { describePlace, showPercent } from './words.js';

export interface SplitOptions {
  /** Must the shares make up the whole? If not, they may leave something to `default`. */
  readonly whole: boolean;
  serve(variant: string): Evaluation;
}

/** A variant's half-open range, in thousandths of a percent. */
interface Range {
  readonly variant: string;
  readonly from: number;
  readonly to: number;
}

/** Serves each unit the variant that owns its place, and nothing beyond all of them. */
export function compileSplit(split: Split, { whole, serve }: SplitOptions, scope: FlagScope): Step {
  const ranges = rangesOf(split, whole, scope);
  if (ranges instanceof Fault) return fail(ranges);
  const owned = ranges.filter((range) => range.from < range.to);
  const answers = owned.map((range) => serve(range.variant));
  const step = isSettled(owned) ? () => answers[0] : pick(owned, answers, scope);
  return scope.instrument.step('split', step, (answer, place) => tellSplit(answer, place, owned, scope));
}

/** Nobody gets anything, or everybody the same. */
function isSettled([first]: readonly Range[]): boolean {
  return first === undefined || first.to === WHOLE;
}

function pick(ranges: readonly Range[], answers: readonly Evaluation[], scope: FlagScope): Step {
  const ends = ranges.map((range) => boundary(range.to));
  const place = scope.instrument.watch(scope.place);
  const { unitMissing } = scope.answers;
  return (run) => {
    const at = place(run);
    return at === NOWHERE ? unitMissing : answers[indexOfOwner(ends, scaled(at))];
  };
}

/** The first range that ends beyond; one too many when there is none. */
function indexOfOwner(ends: readonly number[], at: number): number {
  let index = 0;
  while (at >= (ends[index] as number)) index += 1;
  return index;
}

function rangesOf(split: Split, whole: boolean, { subject }: FlagScope): readonly Range[] | Fault {
  const unknown = split.find((share) => !Object.hasOwn(subject.variants, share.variant));
  if (unknown !== undefined) return new Fault(`the flag has no variant \`${unknown.variant}\``);
  const ranges: Range[] = [];
  let from = 0;
  for (const { variant, percent } of split) {
    const to = from + (toThousandths(percent) ?? Number.NaN);
    ranges.push({ variant, from, to });
    from = to;
  }
  const valid = whole ? from === WHOLE : from <= WHOLE;
  return valid ? ranges : unparsable('the shares of a split do not add up');
}

function tellSplit(
  answer: Evaluation | undefined,
  place: unknown,
  ranges: readonly Range[],
  { subject }: FlagScope,
): Told {
  const list = ranges.map(({ variant, from, to }) => `\`${variant}\` from ${showPercent(from)} to ${showPercent(to)}`);
  const where = place === undefined ? 'no hash is needed' : describePlace(subject.bucket_by, place);
  return { outcome: answer?.error_code ?? answer?.variant ?? 'none', detail: [where, ...list].join('; ') };
}
