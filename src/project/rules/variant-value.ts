import { child } from '../../diagnostics/pointer.js';
import type { Json } from '../../model/json.js';
import type { SubjectRule } from '../rule.js';
import { showValue } from '../show.js';
import { variantsOf } from '../variants.js';

/** Any value is JSON, and the variants of boolean flags have a rule of their own. */
export const variantValue: SubjectRule = {
  code: 'type/variant-value',
  *check({ flag }, project) {
    if (flag === undefined) return;
    const { file, data } = flag;
    if (data.type !== 'string' && data.type !== 'number') return;
    for (const [name, value] of Object.entries(variantsOf(data))) {
      if (typeof value === data.type) continue;
      const pointer = child('/variants', name);
      const text = showValue(project, { file, pointer }, value);
      const message = `variant \`${name}\` is ${text}, but the flag is of type ${data.type}`;
      yield { file, pointer, message, help: helpFor(data.type, value, text) };
    }
  },
};

function helpFor(type: 'string' | 'number', value: Json, text: string): string {
  if (type === 'number') return 'write a number, or choose another `type`';
  const isBare = typeof value === 'number' || typeof value === 'boolean';
  return isBare ? `quote it: '${text.replaceAll('`', '')}'` : 'write text, or choose another `type`';
}
