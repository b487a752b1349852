import type { Evaluation } from '../model/evaluation.js';
import type { Experiment } from '../model/flag.js';
import { boundary, prepareEntryHash, prepareSlotHash, scaled } from './bucket.js';
import { compileConditions } from './conditions.js';
import type { FlagScope, Step } from './flag-scope.js';
import type { Told } from './instrument.js';
import type { Hash } from './murmur3.js';
import { parseRange, type ThousandthsRange, WHOLE } from './percent.js';
import { NOWHERE, placeOf } from './place.js';
import type { Decide } from './run.js';
import { fail, type Test, unparsable } from './scope.js';
import { describePlace, showPercent } from './words.js';

/** Does a user get further? `unknown`: that takes a hash, and there is nothing to hash. */
type Passage = 'in' | 'out' | 'unknown';
type Gate = Decide<Passage>;

/**
 * The step for those who are in the audience, in the slot, and among the first `percent` (in thousandths), looked
 * at in this order. Nothing for the others; `unitMissing` where that takes a hash and there is nothing to hash.
 */
export function behindGates({ conditions, slot }: Experiment, percent: number, step: Step, scope: FlagScope): Step {
  const gates = [
    ...(conditions === undefined ? [] : [audienceGate(compileConditions(conditions, scope), scope)]),
    ...(slot === undefined ? [] : rangeGate('slot', parseRange(slot.range), prepareSlotHash(slot.group), scope)),
    ...rangeGate('percent', { from: 0, to: percent }, prepareEntryHash(scope.subject.seed), scope),
  ];
  return gates.reduceRight((inner, gate) => behind(gate, inner, scope.answers.unitMissing), step);
}

function behind(gate: Gate, inner: Step, unitMissing: Evaluation): Step {
  return (run) => {
    const passage = gate(run);
    if (passage === 'in') return inner(run);
    return passage === 'out' ? undefined : unitMissing;
  };
}

function audienceGate(test: Test, { instrument }: FlagScope): Gate {
  const gate: Gate = (run) => (test(run) ? 'in' : 'out');
  return instrument.step('conditions', gate, (passage) => ({ outcome: passage, detail: '' }));
}

/** No gate where everybody is in the range. */
function rangeGate(name: string, range: ThousandthsRange | undefined, hash: Hash, scope: FlagScope): readonly Gate[] {
  if (range === undefined) return [fail(unparsable(`the ${name} has an invalid range`))];
  if (range.from === 0 && range.to === WHOLE) return [];
  const place = scope.instrument.watch(placeOf(scope.readUnit, hash));
  const gate: Gate = inRange(place, boundary(range.from), boundary(range.to));
  return [scope.instrument.step(name, gate, (passage, at) => tellRange(passage, at, range, scope))];
}

function inRange(place: Decide<number>, start: number, end: number): Gate {
  return (run) => {
    const at = place(run);
    if (at === NOWHERE) return 'unknown';
    return scaled(at) >= start && scaled(at) < end ? 'in' : 'out';
  };
}

function tellRange(passage: Passage, place: unknown, { from, to }: ThousandthsRange, { subject }: FlagScope): Told {
  const range = `in are those from ${showPercent(from)} to ${showPercent(to)}`;
  return { outcome: passage, detail: `${describePlace(subject.bucket_by, place)}; ${range}` };
}
