import type { DefinedError } from 'ajv/dist/2020.js';
import { type SchemaName, validatorOf } from './validators.js';

/** Every way in which the data of a file differ from its schema; none means that they have its shape. */
export function validate(name: SchemaName, data: unknown): readonly DefinedError[] {
  const check = validatorOf(name);
  return check(data) ? [] : ((check.errors ?? []) as DefinedError[]);
}
