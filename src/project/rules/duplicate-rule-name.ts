import { child } from '../../diagnostics/pointer.js';
import type { SubjectRule } from '../rule.js';

/** An unnamed rule is reported as `rule 2`, so that name is taken. */
export const duplicateRuleName: SubjectRule = {
  code: 'reference/duplicate-rule-name',
  *check({ parts }) {
    for (const { behaviour, file, pointer } of parts) {
      const seen = new Map<string, number>();
      for (const [index, { name }] of (behaviour.rules ?? []).entries()) {
        const effective = name ?? `rule ${index + 1}`;
        const first = seen.get(effective);
        if (first === undefined) seen.set(effective, index);
        else {
          yield {
            file,
            pointer: child(pointer, 'rules', index, 'name'),
            message: `rule ${index + 1} is named like rule ${first + 1}: \`${effective}\``,
            help: 'give each rule a name of its own',
            related: [{ file, pointer: child(pointer, 'rules', first, 'name'), message: 'the other one' }],
          };
        }
      }
    }
  },
};
