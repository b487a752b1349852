import { child } from '../../diagnostics/pointer.js';
import { declaredType } from '../declared.js';
import { ATTRIBUTE_TYPES_OF } from '../operand-types.js';
import type { SubjectRule } from '../rule.js';

export const operator: SubjectRule = {
  code: 'type/operator',
  *check({ comparisons }, project) {
    for (const { comparison, file, pointer } of comparisons) {
      const fitting = ATTRIBUTE_TYPES_OF[comparison.operator];
      const declared = declaredType(project, comparison.attribute);
      if (fitting === undefined || declared === undefined || fitting.includes(declared.type)) continue;
      yield {
        file,
        pointer: child(pointer, 'operator'),
        message: `\`${comparison.operator}\` never holds for \`${comparison.attribute}\`, which is of type ${declared.type}`,
        help: `it is for attributes of type ${fitting.join(', ')}`,
      };
    }
  },
};
