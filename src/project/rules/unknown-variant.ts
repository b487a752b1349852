import { child } from '../../diagnostics/pointer.js';
import type { FlagType } from '../../model/flag.js';
import type { Json } from '../../model/json.js';
import { type VariantPlace, variantsNamedIn, variantsNamedInTests } from '../places.js';
import type { Project } from '../project.js';
import type { GateRule, RuleFinding } from '../rule.js';
import { unknown } from '../unknown.js';
import { variantName, variantsOf } from '../variants.js';
import type { WrittenVariant } from '../written.js';

export const unknownVariant: GateRule = {
  code: 'reference/unknown-variant',
  *check(project) {
    for (const place of variantPlaces(project)) {
      const flag = project.flags.get(place.flag)?.data;
      if (flag === undefined) continue;
      const variants = variantsOf(flag);
      const name = variantName(place.variant, flag.type);
      if (!Object.hasOwn(variants, name)) yield withAdvice(unknownOf(place, Object.keys(variants)), name, flag.type);
    }
  },
};

function variantPlaces(project: Project): VariantPlace[] {
  const places = project.parts.flatMap(variantsNamedIn);
  for (const { comparison, file, pointer } of project.comparisons) {
    if (comparison.operator !== 'serves') continue;
    const { flag, value } = comparison as { readonly flag: string; readonly value: Json };
    if (!Array.isArray(value))
      places.push({ flag, variant: value as WrittenVariant, file, pointer: child(pointer, 'value') });
    else
      value.forEach(
        (variant, index) => void places.push({ flag, variant, file, pointer: child(pointer, 'value', index) }),
      );
  }
  return [...places, ...project.tests.flatMap(variantsNamedInTests)];
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
