import type { Target } from '../diagnostics/diagnostic.js';
import { child } from '../diagnostics/pointer.js';
import type { BucketOperand } from '../model/condition.js';
import { comparisonsWith } from './comparisons.js';
import { meantBy } from './matrix.js';
import type { Part, Subject } from './project.js';
import type { WrittenCase, WrittenRollout, WrittenSplit, WrittenTests } from './written.js';

/** Where something stands: enough for a finding. */
export interface At {
  readonly file: string;
  readonly pointer: string;
  readonly target?: Target;
}

/** A rollout or an experiment of a part. */
export interface RolloutPlace extends At {
  readonly kind: 'rollout' | 'experiment';
  readonly rollout: WrittenRollout;
}

export function rolloutsOf({ file, pointer, behaviour }: Part): RolloutPlace[] {
  const places: RolloutPlace[] = [];
  for (const kind of ['rollout', 'experiment'] as const) {
    const rollout = behaviour[kind];
    if (rollout) places.push({ kind, rollout, file, pointer: `${pointer}/${kind}` });
  }
  return places;
}

/** A split of a part. */
export interface SplitPlace extends At {
  readonly kind: 'rule' | 'rollout' | 'experiment';
  readonly split: WrittenSplit;
}

const splits = new WeakMap<Part, readonly SplitPlace[]>();

/** Of rules, rollout and experiment; many rules ask for them. */
export function splitsOf(part: Part): readonly SplitPlace[] {
  const places = splits.get(part) ?? collectSplits(part);
  splits.set(part, places);
  return places;
}

function collectSplits(part: Part): SplitPlace[] {
  const { file, pointer, behaviour } = part;
  const places: SplitPlace[] = [];
  behaviour.rules?.forEach(({ split }, index) => {
    if (split) places.push({ kind: 'rule', split, file, pointer: `${pointer}/rules/${index}/split` });
  });
  for (const place of rolloutsOf(part)) places.push(...splitsOfRollout(place));
  return places;
}

function splitsOfRollout({ kind, rollout, file, pointer }: RolloutPlace): SplitPlace[] {
  const places: SplitPlace[] = [];
  if (rollout.split) places.push({ kind, split: rollout.split, file, pointer: `${pointer}/split` });
  rollout.steps?.forEach(({ split }, index) => {
    if (split) places.push({ kind, split, file, pointer: `${pointer}/steps/${index}/split` });
  });
  return places;
}

/** A half-open range in percent: of a slot or of `bucket`. */
export interface RangePlace extends At {
  readonly range: readonly [number, number];
}

export function rangesOf(subject: Subject): RangePlace[] {
  const { file = '', data } = subject.group ?? {};
  const ofSlots = (data?.slots ?? []).map(({ range }, index) => {
    return { range, file, pointer: child('/slots', index, 'range') };
  });
  const ofBuckets = comparisonsWith(subject, ['bucket']).map(({ comparison, file, pointer }) => {
    const { range } = comparison.value as unknown as BucketOperand;
    return { range, file, pointer: child(pointer, 'value', 'range') };
  });
  return [...ofSlots, ...ofBuckets];
}

/** A key of another object, named somewhere. */
export interface KeyPlace extends At {
  readonly key: string;
}

/** Which of the keys that are named somewhere are asked for. */
export type KeyTest = (key: string) => boolean;

/** The flags that another one, a segment, a group, an override or a test names. What an archived flag names is not needed. */
export function flagsNamedIn(subject: Subject, isWanted: KeyTest): KeyPlace[] {
  const ofOverrides = subject.overrides.map(({ file, data }) => ({ key: data.flag, file, pointer: '/flag' }));
  const others = [...ofOverrides, ...namedInTests(subject, 'flag')];
  return [...dependenciesOn(subject, isWanted), ...others.filter(({ key }) => isWanted(key))];
}

/** The flags that evaluation asks for: of prerequisites, `serves` and slots. */
export function dependenciesOn(subject: Subject, isWanted: KeyTest): KeyPlace[] {
  const places: KeyPlace[] = [];
  for (const { behaviour, file, pointer, flag } of subject.parts) {
    if (flag.data.state === 'archived') continue;
    behaviour.prerequisites?.forEach(({ flag: key }, index) => {
      if (isWanted(key)) places.push({ key, file, pointer: `${pointer}/prerequisites/${index}/flag` });
    });
  }
  for (const { comparison, file, pointer, part } of comparisonsWith(subject, ['serves'])) {
    const key = comparison.flag as string;
    if (isWanted(key) && part?.flag.data.state !== 'archived') places.push({ key, file, pointer: `${pointer}/flag` });
  }
  return [...places, ...slotsOf(subject).filter(({ key }) => isWanted(key))];
}

/** The flags in the slots of a group. */
export function slotsOf({ group }: Pick<Subject, 'group'>): KeyPlace[] {
  const { file = '', data } = group ?? {};
  return (data?.slots ?? []).map(({ flag: key }, index) => ({ key, file, pointer: child('/slots', index, 'flag') }));
}

/** What the tests name, for all cases of a file or for one. */
export function namedInTests({ tests }: Subject, field: 'flag' | 'segment' | 'environment'): KeyPlace[] {
  if (tests === undefined) return [];
  const { file, data } = tests;
  const own = data[field] === undefined ? [] : [{ key: data[field], file, pointer: `/${field}` }];
  return [...own, ...valuesInCases(data, (one) => one[field], [field]).map((place) => ({ ...place, file }))];
}

/** A text of every case that has it: what is written, or what its matrix gives. */
export function valuesInCases(
  { cases }: WrittenTests,
  textOf: (one: WrittenCase) => string | undefined,
  steps: readonly string[],
): { readonly key: string; readonly pointer: string }[] {
  return cases.flatMap((one, index) => {
    const value = textOf(one);
    const at = child('/cases', index);
    const meant = value === undefined ? [] : meantBy(one, at, { value, pointer: child(at, ...steps) });
    return meant.map((each) => ({ key: String(each.value), pointer: each.pointer }));
  });
}
