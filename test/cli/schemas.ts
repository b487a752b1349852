import { readdirSync, readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';

const SCHEMAS = 'schemas/output';

/** What is wrong with data by `schemas/output/NAME.schema.json`; empty when nothing is. */
export function violations(name: string, data: unknown): readonly string[] {
  const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
  for (const file of readdirSync(SCHEMAS)) {
    const schema: object = JSON.parse(readFileSync(`${SCHEMAS}/${file}`, 'utf8'));
    ajv.addSchema(schema, file);
  }
  if (ajv.validate(`${name}.schema.json`, data)) return [];
  return (ajv.errors ?? []).map((error) => `${error.instancePath} ${error.message}`);
}
