import type { Context } from '../../model/context.js';
import { Problem } from '../problem.js';

/** The context in an OFREP body; an empty one where the body has none. @throws Problem when it is malformed */
export function contextIn(body: unknown): Context {
  if (body === undefined) return {};
  if (!isObject(body)) throw malformed('the body is not an object');
  const { context } = body;
  if (context === undefined || context === null) return {};
  if (!isObject(context)) throw malformed('`context` is not an object');
  return context;
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function malformed(message: string): Problem {
  return new Problem('invalid_request', message, { errorCode: 'INVALID_CONTEXT' });
}
