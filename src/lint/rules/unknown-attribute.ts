import { didYouMean } from '../../diagnostics/suggest.js';
import type { Rule, RuleFinding } from '../../project/rule.js';
import { attributeReads, isDeclared } from '../attributes.js';

export const unknownAttribute: Rule = {
  code: 'context/unknown-attribute',
  *check({ project }) {
    const { context } = project.config.data;
    if (context === undefined) return;
    const declared = new Set(Object.keys(context));
    for (const { attribute, place } of attributeReads(project)) {
      if (!isDeclared(attribute, context)) yield finding(attribute, declared, place);
    }
  },
};

function finding(
  attribute: string,
  declared: ReadonlySet<string>,
  place: { file: string; pointer: string },
): RuleFinding {
  const help = didYouMean(attribute, declared) ?? `declare it under \`context\` in \`flagstaff.yaml\``;
  return { ...place, message: `\`context\` declares no attribute \`${attribute}\``, help };
}
