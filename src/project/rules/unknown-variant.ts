import type { FlagType } from '../../model/flag.js';
import { comparisonsWith } from '../comparisons.js';
import { operandsOf } from '../declared.js';
import type { Project, Subject, Written } from '../project.js';
import type { RuleFinding, SubjectRule } from '../rule.js';
import { unknown } from '../unknown.js';
import { type VariantPlace, type VariantTest, variantsNamedIn, variantsNamedInTests } from '../variant-places.js';
import { variantName, variantsOf } from '../variants.js';
import type { WrittenFlag, WrittenVariant } from '../written.js';

export const unknownVariant: SubjectRule = {
  code: 'reference/unknown-variant',
  *check(subject, project) {
    const isUnknown: VariantTest = (key, variant) => {
      const flag = project.flags.get(key)?.data;
      return flag !== undefined && !Object.hasOwn(variantsOf(flag), variantName(variant, flag.type));
    };
    for (const part of subject.parts) yield* unknowns(project, variantsNamedIn(part, isUnknown));
    yield* unknowns(
      project,
      variantsServed(subject).filter((place) => isUnknown(place.flag, place.variant)),
    );
    yield* unknowns(
      project,
      variantsNamedInTests(subject).filter((place) => isUnknown(place.flag, place.variant)),
    );
  },
};

function* unknowns(project: Project, places: readonly VariantPlace[]): Iterable<RuleFinding> {
  for (const place of places) {
    const { data } = project.flags.get(place.flag) as Written<WrittenFlag>;
    yield withAdvice(unknownOf(place, Object.keys(variantsOf(data))), variantName(place.variant, data.type), data.type);
  }
}

function variantsServed(subject: Subject): VariantPlace[] {
  return comparisonsWith(subject, ['serves']).flatMap((place) => {
    const flag = place.comparison.flag as string;
    return operandsOf(place).map(({ value, pointer }) => {
      return { flag, variant: value as WrittenVariant, file: place.file, pointer };
    });
  });
}

function unknownOf(place: VariantPlace, variants: readonly string[]): RuleFinding {
  const finding = unknown('variant', String(place.variant), place, variants);
  return { ...finding, message: `flag \`${place.flag}\` has no variant \`${place.variant}\`` };
}

const YES_AND_NO = new Map([
  ['yes', 'on'],
  ['no', 'off'],
]);

/** What YAML 1.1 took for a boolean is text in YAML 1.2. */
function withAdvice(finding: RuleFinding, name: string, type: FlagType): RuleFinding {
  const meant = YES_AND_NO.get(name.toLowerCase());
  if (type !== 'boolean' || meant === undefined) return finding;
  return { ...finding, help: `YAML 1.2 reads \`${name}\` as text: write \`${meant}\`` };
}
