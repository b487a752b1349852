import { compileValueSchema } from '../../schema/value-schema.js';
import type { SubjectRule } from '../rule.js';
import type { WrittenFlag } from '../written.js';

export const invalidValueSchema: SubjectRule = {
  code: 'type/invalid-value-schema',
  *check({ flag }) {
    if (flag === undefined) return;
    const problem = problemOf(flag.data);
    if (problem !== undefined) yield { file: flag.file, pointer: '/value_schema', ...problem };
  },
};

function problemOf({ type, value_schema: schema }: WrittenFlag): { message: string; help: string } | undefined {
  if (schema === undefined) return undefined;
  if (type !== 'json') {
    if (typeof schema === 'object' && Object.keys(schema).length === 0) return undefined;
    return { message: `a flag of type ${type} has no \`value_schema\``, help: 'remove it: it is for json flags' };
  }
  const compiled = compileValueSchema(schema);
  if (!('problem' in compiled)) return undefined;
  return {
    message: `not a usable JSON Schema: ${compiled.problem}`,
    help: 'write JSON Schema 2020-12; `$ref` may lead to places in the same schema only',
  };
}
