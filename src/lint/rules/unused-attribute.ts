import { child } from '../../diagnostics/pointer.js';
import type { Rule } from '../../project/rule.js';
import { attributeReads, declarationOf } from '../attributes.js';
import { isComplete } from '../complete.js';

export const unusedAttribute: Rule = {
  code: 'hygiene/unused-attribute',
  *check({ project }) {
    const { file, data } = project.config;
    if (data.context === undefined || !isComplete(project)) return;
    const read = new Set<string | undefined>();
    for (const { attribute } of attributeReads(project)) read.add(declarationOf(attribute, data.context));
    for (const attribute of Object.keys(data.context)) {
      if (read.has(attribute)) continue;
      yield {
        file,
        pointer: child('/context', attribute),
        target: 'key',
        message: `nothing reads attribute \`${attribute}\``,
        help: 'remove it here, and from what applications send',
      };
    }
  },
};
