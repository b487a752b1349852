import { createRequire } from 'node:module';
import { Ajv2020, type DefinedError, type ValidateFunction } from 'ajv/dist/2020.js';

/** One schema a kind of file: `schemas/<name>.schema.json`. */
export type SchemaName = 'project' | 'flag' | 'override' | 'segment' | 'group' | 'test';

/** Every way in which the data of a file differ from its schema; none means that they have its shape. */
export function validate(name: SchemaName, data: unknown): readonly DefinedError[] {
  const check = validatorOf(name);
  return check(data) ? [] : ((check.errors ?? []) as DefinedError[]);
}

/** That our own schemas are schemas is for a test to check, not for every start. */
const OPTIONS = {
  allErrors: true,
  verbose: true,
  allowUnionTypes: true,
  strictTypes: false,
  validateSchema: false,
  meta: false,
  code: { optimize: false },
} as const;

const requireJson = createRequire(import.meta.url);
const validators = new Map<SchemaName, ValidateFunction>();
let ajv: Ajv2020 | undefined;

/** Compiling a schema takes longer than most commands: only what is used is compiled. */
function validatorOf(name: SchemaName): ValidateFunction {
  const known = validators.get(name);
  if (known !== undefined) return known;
  ajv ??= new Ajv2020(OPTIONS).addSchema(readSchema('common'));
  const validator = ajv.compile(readSchema(name));
  validators.set(name, validator);
  return validator;
}

function readSchema(name: SchemaName | 'common'): object {
  return requireJson(`../../schemas/${name}.schema.json`) as object;
}
