import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';

/** What is wrong with data by `schemas/output/NAME.schema.json`; empty when nothing is. */
export function violations(name: string, data: unknown): readonly string[] {
  const schema: object = JSON.parse(readFileSync(`schemas/output/${name}.schema.json`, 'utf8'));
  const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(schema);
  return validate(data) ? [] : (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message}`);
}
