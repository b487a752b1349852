import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';

/** A user's own JSON Schema, ready to judge values, or what is wrong with it. */
export type ValueSchema =
  | { readonly problem: string }
  /** What is wrong with a value; `undefined`: nothing. */
  | { readonly check: (value: unknown) => string | undefined };

/** Compiles the `value_schema` of a flag (JSON Schema 2020-12). Nothing is fetched: a remote `$ref` is a problem. */
export function compileValueSchema(schema: object | boolean): ValueSchema {
  if (typeof schema === 'boolean') return compile(schema);
  const known = compiled.get(schema);
  if (known !== undefined) return known;
  const result = compile(schema);
  compiled.set(schema, result);
  return result;
}

/** Two rules ask for each schema. */
const compiled = new WeakMap<object, ValueSchema>();

function compile(schema: object | boolean): ValueSchema {
  try {
    const problem = problemOf(schema);
    return problem === undefined ? toValueSchema(schema) : { problem };
  } catch (error) {
    return { problem: messageOf(error) };
  }
}

let dialect: Ajv2020 | undefined;

function problemOf(schema: object | boolean): string | undefined {
  dialect ??= new Ajv2020({ strict: false, logger: false });
  if (dialect.validateSchema(schema) === true) return undefined;
  return describe(dialect.errors?.[0]);
}

/** An instance for each: what one schema names is not to be found from another. */
function toValueSchema(schema: object | boolean): ValueSchema {
  const ajv = new Ajv2020({ strict: false, validateFormats: false, logger: false, validateSchema: false, meta: false });
  const validate = ajv.compile(schema);
  if ('$async' in validate) return { problem: '`$async` is not part of JSON Schema' };
  return { check: (value) => check(validate, value) };
}

function check(validate: ValidateFunction, value: unknown): string | undefined {
  try {
    return validate(value) ? undefined : describe(validate.errors?.[0]);
  } catch (error) {
    return messageOf(error);
  }
}

function describe(error: ErrorObject | undefined): string {
  const place = error?.instancePath ? `\`${error.instancePath}\` ` : '';
  return `${place}${error?.message ?? 'it does not'}`;
}

/** A schema that refers to itself without end overflows the stack. */
function messageOf(error: unknown): string {
  if (error instanceof RangeError) return 'the schema refers to itself without end';
  if (error instanceof Ajv2020.MissingRefError) return `\`$ref: ${error.missingRef}\` leads nowhere`;
  const message = error instanceof Error ? error.message : String(error);
  return message.charAt(0).toLowerCase() + message.slice(1).replace(/\s+/g, ' ');
}
