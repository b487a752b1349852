import { child } from '../diagnostics/pointer.js';
import { meantBy } from './matrix.js';
import { type At, splitsOf } from './places.js';
import type { Part, Subject } from './project.js';
import type { WrittenCase, WrittenVariant } from './written.js';

/** A variant that is named somewhere, and the flag it should be one of. */
export interface VariantPlace extends At {
  readonly flag: string;
  readonly variant: WrittenVariant;
}

/** Which of the variants that are named somewhere are asked for. */
export type VariantTest = (flag: string, variant: WrittenVariant) => boolean;

/** The variants that a part names of its own flag and, in prerequisites, of others, as far as they are asked for. */
export function variantsNamedIn(part: Part, isWanted: VariantTest): VariantPlace[] {
  return [
    ...variantsServed(part, isWanted),
    ...variantsShared(part, isWanted),
    ...variantsOfPrerequisites(part, isWanted),
  ];
}

function variantsServed({ behaviour, file, pointer, flag }: Part, isWanted: VariantTest): VariantPlace[] {
  const { key } = flag.data;
  const places: VariantPlace[] = [];
  for (const field of ['default', 'off_variant'] as const) {
    const variant = behaviour[field] ?? undefined;
    if (variant !== undefined && isWanted(key, variant)) {
      places.push({ flag: key, variant, file, pointer: `${pointer}/${field}` });
    }
  }
  behaviour.rules?.forEach(({ serve: variant }, index) => {
    if (variant !== undefined && isWanted(key, variant)) {
      places.push({ flag: key, variant, file, pointer: `${pointer}/rules/${index}/serve` });
    }
  });
  return places;
}

/** Those that are keys: of overrides and of splits. */
function variantsShared(part: Part, isWanted: VariantTest): VariantPlace[] {
  const { key } = part.flag.data;
  const places: VariantPlace[] = [];
  const note = (shares: object, at: string): void => {
    for (const variant of Object.keys(shares)) {
      if (!isWanted(key, variant)) continue;
      places.push({ flag: key, variant, file: part.file, pointer: child(at, variant), target: 'key' });
    }
  };
  if (part.behaviour.overrides) note(part.behaviour.overrides, `${part.pointer}/overrides`);
  for (const { split, pointer } of splitsOf(part)) note(split, pointer);
  return places;
}

function variantsOfPrerequisites({ behaviour, file, pointer }: Part, isWanted: VariantTest): VariantPlace[] {
  const places: VariantPlace[] = [];
  for (const [index, { flag, variants }] of (behaviour.prerequisites ?? []).entries()) {
    for (const [nth, variant] of variants.entries()) {
      if (!isWanted(flag, variant)) continue;
      places.push({ flag, variant, file, pointer: `${pointer}/prerequisites/${index}/variants/${nth}` });
    }
  }
  return places;
}

/** Every variant that a file of tests expects. */
export function variantsNamedInTests({ tests }: Subject): VariantPlace[] {
  if (tests === undefined) return [];
  const { file, data } = tests;
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
