import type { Target } from '../diagnostics/diagnostic.js';
import { child } from '../diagnostics/pointer.js';
import type { BucketOperand } from '../model/condition.js';
import { meantBy } from './matrix.js';
import type { Part, Project } from './project.js';
import type { WrittenCase, WrittenRollout, WrittenSplit, WrittenTests, WrittenVariant } from './written.js';

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
    if (rollout) places.push({ kind, rollout, file, pointer: child(pointer, kind) });
  }
  return places;
}

/** A split of a part. */
export interface SplitPlace extends At {
  readonly kind: 'rule' | 'rollout' | 'experiment';
  readonly split: WrittenSplit;
}

export function splitsOf(part: Part): SplitPlace[] {
  const places: SplitPlace[] = [];
  part.behaviour.rules?.forEach(({ split }, index) => {
    if (split)
      places.push({ kind: 'rule', split, file: part.file, pointer: child(part.pointer, 'rules', index, 'split') });
  });
  for (const place of rolloutsOf(part)) places.push(...splitsOfRollout(place));
  return places;
}

function splitsOfRollout({ kind, rollout, file, pointer }: RolloutPlace): SplitPlace[] {
  const places: SplitPlace[] = [];
  if (rollout.split) places.push({ kind, split: rollout.split, file, pointer: child(pointer, 'split') });
  rollout.steps?.forEach(({ split }, index) => {
    if (split) places.push({ kind, split, file, pointer: child(pointer, 'steps', index, 'split') });
  });
  return places;
}

/** A half-open range in percent: of a slot or of `bucket`. */
export interface RangePlace extends At {
  readonly range: readonly [number, number];
}

export function rangesOf({ groups, comparisons }: Project): RangePlace[] {
  const ofSlots = [...groups.values()].flatMap(({ file, data }) => {
    return data.slots.map(({ range }, index) => ({ range, file, pointer: child('/slots', index, 'range') }));
  });
  const ofBuckets = comparisons
    .filter(({ comparison }) => comparison.operator === 'bucket')
    .map(({ comparison, file, pointer }) => {
      const { range } = comparison.value as unknown as BucketOperand;
      return { range, file, pointer: child(pointer, 'value', 'range') };
    });
  return [...ofSlots, ...ofBuckets];
}

/** A variant that is named somewhere, and the flag it should be one of. */
export interface VariantPlace extends At {
  readonly flag: string;
  readonly variant: WrittenVariant;
}

/** Every variant that a part names of its own flag and, in prerequisites, of others. */
export function variantsNamedIn(part: Part): VariantPlace[] {
  const { behaviour, file, pointer } = part;
  const flag = part.flag.data.key;
  const places: VariantPlace[] = [];
  for (const key of ['default', 'off_variant'] as const) {
    const variant = behaviour[key];
    if (variant !== undefined && variant !== null) places.push({ flag, variant, file, pointer: child(pointer, key) });
  }
  for (const variant of Object.keys(behaviour.overrides ?? {})) {
    places.push({ flag, variant, file, pointer: child(pointer, 'overrides', variant), target: 'key' });
  }
  behaviour.rules?.forEach(({ serve: variant }, index) => {
    if (variant !== undefined) places.push({ flag, variant, file, pointer: child(pointer, 'rules', index, 'serve') });
  });
  for (const { split, pointer: at } of splitsOf(part)) {
    for (const variant of Object.keys(split)) {
      places.push({ flag, variant, file, pointer: child(at, variant), target: 'key' });
    }
  }
  return [...places, ...variantsOfPrerequisites(part)];
}

function variantsOfPrerequisites({ behaviour, file, pointer }: Part): VariantPlace[] {
  return (behaviour.prerequisites ?? []).flatMap(({ flag, variants }, index) => {
    return variants.map((variant, nth) => {
      return { flag, variant, file, pointer: child(pointer, 'prerequisites', index, 'variants', nth) };
    });
  });
}

/** A key of another object, named somewhere. */
export interface KeyPlace extends At {
  readonly key: string;
}

/** Every flag that another one, a segment, a group, an override or a test names. What an archived flag names is not needed. */
export function flagsNamedIn(project: Project): KeyPlace[] {
  const places: KeyPlace[] = dependenciesOn(project);
  for (const { file, data } of project.overrides) places.push({ key: data.flag, file, pointer: '/flag' });
  return [...places, ...namedInTests(project, 'flag')];
}

/** Every flag that evaluation asks for: of prerequisites, `serves` and slots. */
export function dependenciesOn(project: Project): KeyPlace[] {
  const places: KeyPlace[] = [];
  for (const { behaviour, file, pointer, flag } of project.parts) {
    if (flag.data.state === 'archived') continue;
    behaviour.prerequisites?.forEach(({ flag: key }, index) => {
      places.push({ key, file, pointer: child(pointer, 'prerequisites', index, 'flag') });
    });
  }
  for (const { comparison, file, pointer, part } of project.comparisons) {
    if (part?.flag.data.state === 'archived' || comparison.flag === undefined) continue;
    places.push({ key: comparison.flag, file, pointer: child(pointer, 'flag') });
  }
  return [...places, ...slotsOf(project)];
}

/** The flags in the slots of groups. */
export function slotsOf(project: Project): KeyPlace[] {
  return [...project.groups.values()].flatMap(({ file, data }) => {
    return data.slots.map(({ flag: key }, index) => ({ key, file, pointer: child('/slots', index, 'flag') }));
  });
}

/** What the tests name, for all cases of a file or for one. */
export function namedInTests(project: Project, field: 'flag' | 'segment' | 'environment'): KeyPlace[] {
  return project.tests.flatMap(({ file, data }) => {
    const own = data[field] === undefined ? [] : [{ key: data[field], file, pointer: `/${field}` }];
    return [...own, ...valuesInCases(data, (one) => one[field], [field]).map((place) => ({ ...place, file }))];
  });
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

/** Every variant that a file of tests expects. */
export function variantsNamedInTests({
  file,
  data,
}: {
  readonly file: string;
  readonly data: WrittenTests;
}): VariantPlace[] {
  return data.cases.flatMap((one, index) => {
    const flag = one.flag ?? data.flag;
    if (flag === undefined) return [];
    const pointer = child('/cases', index);
    const shares = Object.keys(one.distribution?.expect ?? {}).filter((name) => name !== NO_VARIANT);
    return [
      ...expectedVariants(one, pointer).map((place) => ({ flag, file, ...place })),
      ...shares.map((name) => ({
        flag,
        variant: name,
        file,
        pointer: child(pointer, 'distribution', 'expect', name),
        target: 'key' as const,
      })),
    ];
  });
}

/** The share of those who are served no variant; no variant can be called so. */
export const NO_VARIANT = '_none';

function expectedVariants(
  one: WrittenCase,
  at: string,
): { readonly variant: WrittenVariant; readonly pointer: string }[] {
  const value = one.expect?.variant ?? null;
  return meantBy(one, at, { value, pointer: child(at, 'expect', 'variant') }).flatMap((meant) =>
    typeof meant.value === 'string' || typeof meant.value === 'boolean'
      ? [{ variant: meant.value, pointer: meant.pointer }]
      : [],
  );
}
