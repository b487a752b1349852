import type { Finding } from '../diagnostics/diagnostic.js';
import type { SourceFile } from '../syntax/source-file.js';
import { explain } from './explain.js';
import { validate } from './validate.js';
import type { SchemaName } from './validators.js';

/** Does the data of a file have the shape of its kind? One finding for each thing that does not. */
export function checkSchema(name: SchemaName, file: SourceFile, data: unknown): readonly Finding[] {
  const errors = validate(name, data);
  return errors.length === 0 ? [] : explain(file, errors);
}
