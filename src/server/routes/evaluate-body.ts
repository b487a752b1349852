import type { Context } from '../../model/context.js';
import { TARGETING_KEY } from '../../model/context.js';
import { isObject } from '../ofrep/context.js';
import { Problem, type ProblemDetails } from '../problem.js';

/** What is asked, whichever way it was said. */
export interface EvaluateBody {
  readonly context: Context;
  readonly environment?: string;
  readonly flagNames?: readonly string[];
}

type Mistake = NonNullable<ProblemDetails['errors']>[number];

/**
 * `{context}` or `{user_id, attributes?}`, with `environment?`, and `flag_names?` where several flags are asked for.
 * @throws Problem with all that is wrong
 */
export function evaluateBody(body: unknown, fields: readonly string[]): EvaluateBody {
  const given = body ?? {};
  if (!isObject(given)) throw new Problem('invalid_request', 'the body is not an object');
  const mistakes = mistakesIn(given, fields);
  if (mistakes.length > 0) {
    throw new Problem('invalid_request', `the body: ${mistakes[0]?.pointer} ${mistakes[0]?.message}`, {
      errors: mistakes,
    });
  }
  const { environment, flag_names } = given as { environment?: string; flag_names?: readonly string[] };
  return {
    context: contextOf(given),
    ...(environment === undefined ? {} : { environment }),
    ...(flag_names === undefined ? {} : { flagNames: flag_names }),
  };
}

/** Fields and what each must be. */
const FIELDS: Readonly<Record<string, { readonly isRight: (value: unknown) => boolean; readonly message: string }>> = {
  context: { isRight: isObject, message: 'must be an object' },
  user_id: { isRight: isUserId, message: 'must be a string or a whole number' },
  attributes: { isRight: isObject, message: 'must be an object' },
  environment: { isRight: isText, message: 'must be a string' },
  flag_names: { isRight: (value) => Array.isArray(value) && value.every(isText), message: 'must be a list of strings' },
};

function mistakesIn(body: Readonly<Record<string, unknown>>, fields: readonly string[]): Mistake[] {
  const mistakes = Object.entries(body).flatMap(([name, value]): Mistake[] => {
    const pointer = `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    const field = fields.includes(name) ? FIELDS[name] : undefined;
    if (field === undefined) return [{ pointer, message: `is unknown; there are ${fields.join(', ')}` }];
    return field.isRight(value) ? [] : [{ pointer, message: field.message }];
  });
  if (!Object.hasOwn(body, 'context')) return mistakes;
  const twice = ['user_id', 'attributes'].filter((name) => Object.hasOwn(body, name));
  return [...mistakes, ...twice.map((name) => ({ pointer: `/${name}`, message: 'cannot stand beside `context`' }))];
}

function contextOf({ context, user_id, attributes }: Readonly<Record<string, unknown>>): Context {
  if (isObject(context)) return context;
  const user = user_id === undefined ? {} : { [TARGETING_KEY]: user_id };
  return { ...(isObject(attributes) ? attributes : {}), ...user };
}

function isText(value: unknown): boolean {
  return typeof value === 'string';
}

function isUserId(value: unknown): boolean {
  return isText(value) || Number.isSafeInteger(value);
}
