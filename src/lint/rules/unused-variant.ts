import { child } from '../../diagnostics/pointer.js';
import type { Part } from '../../project/project.js';
import type { Rule } from '../../project/rule.js';
import { isComplete } from '../complete.js';
import { activeFlags } from '../standing.js';

export const unusedVariant: Rule = {
  code: 'hygiene/unused-variant',
  *check({ project }) {
    if (!isComplete(project)) return;
    for (const { file, data } of activeFlags(project)) {
      const named = new Set((project.partsOf.get(data.key) ?? []).flatMap(variantsNamedBy));
      for (const variant of data.type === 'boolean' ? [] : Object.keys(data.variants ?? {})) {
        if (named.has(variant)) continue;
        yield {
          file,
          pointer: child('/variants', variant),
          target: 'key',
          message: `no environment serves variant \`${variant}\``,
          help: 'serve it somewhere or remove it',
        };
      }
    }
  },
};

/** Every variant that a part names, in whatever way: without it the file would not be valid. */
function variantsNamedBy({ behaviour }: Part): string[] {
  const { default: fallback, off_variant: off, overrides, rules, rollout, experiment } = behaviour;
  const entering = [rollout, experiment].flatMap((one) => [
    one?.split,
    ...(one?.steps ?? []).map(({ split }) => split),
  ]);
  const splits = [...(rules ?? []).map(({ split }) => split), ...entering];
  const served = [fallback, off, ...(rules ?? []).map(({ serve }) => serve)];
  return [
    ...served.map(String),
    ...Object.keys(overrides ?? {}),
    ...splits.flatMap((split) => Object.keys(split ?? {})),
  ];
}
