import { createRequire } from 'node:module';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { AJV_OPTIONS } from './options.js';

/** One schema a kind of file: `schemas/<name>.schema.json`. */
export type SchemaName = 'project' | 'flag' | 'override' | 'segment' | 'group' | 'test';

const requireJson = createRequire(import.meta.url);
const validators = new Map<SchemaName, ValidateFunction>();
let ajv: Ajv2020 | undefined;

/**
 * The validator of a schema, compiled when it is first asked for. In the built package this module is replaced
 * by what ajv generates from the same schemas with the same options, so that a start compiles nothing.
 */
export function validatorOf(name: SchemaName): ValidateFunction {
  const known = validators.get(name);
  if (known !== undefined) return known;
  ajv ??= new Ajv2020(AJV_OPTIONS).addSchema(readSchema('common'));
  const validator = ajv.compile(readSchema(name));
  validators.set(name, validator);
  return validator;
}

function readSchema(name: SchemaName | 'common'): object {
  return requireJson(`../../schemas/${name}.schema.json`) as object;
}
