import { child } from '../../diagnostics/pointer.js';
import { compileValueSchema } from '../../schema/value-schema.js';
import type { Written } from '../project.js';
import type { RuleFinding, SubjectRule } from '../rule.js';
import { variantsOf } from '../variants.js';
import type { WrittenFlag } from '../written.js';

export const valueSchema: SubjectRule = {
  code: 'type/value-schema',
  *check({ flag }) {
    if (flag?.data.type === 'json') yield* violations(flag);
  },
};

function* violations({ file, data }: Written<WrittenFlag>): Iterable<RuleFinding> {
  if (data.value_schema === undefined) return;
  const compiled = compileValueSchema(data.value_schema);
  if ('problem' in compiled) return;
  for (const [name, value] of Object.entries(variantsOf(data))) {
    const problem = compiled.check(value);
    if (problem === undefined) continue;
    yield {
      file,
      pointer: child('/variants', name),
      message: `variant \`${name}\` does not satisfy \`value_schema\`: ${problem}`,
      help: 'change the variant or the schema',
      related: [{ file, pointer: '/value_schema', target: 'key', message: 'the schema' }],
    };
  }
}
