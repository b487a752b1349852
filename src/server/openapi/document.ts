import { exposureOperations, exposureSchemas } from './exposures.js';
import type { Operation } from './operation.js';
import { operations } from './operations.js';
import { schemas } from './schemas.js';
import { writingOperations, writingSchemas } from './writing.js';

/** Those of the operations that a server has. */
export function operationsServed(isServed: (method: string, route: string) => boolean): readonly Operation[] {
  const all = [...operations, ...exposureOperations, ...writingOperations];
  return all.filter(({ method, route }) => isServed(method.toUpperCase(), route));
}

/** An OpenAPI 3.1 document (https://spec.openapis.org/oas/v3.1.1) of these operations. */
export function openapiDocument(served: readonly Operation[]): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const operation of served) {
    const path = operation.route.replaceAll(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [operation.method]: describe(operation) };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Flagstaff', version: '1', description: 'Feature flags out of a git repository.' },
    servers: [{ url: '/' }],
    paths,
    components: {
      schemas: { ...schemas, ...exposureSchemas, ...writingSchemas },
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer' }, key: KEY_HEADER },
    },
  };
}

const KEY_HEADER = { type: 'apiKey', in: 'header', name: 'X-API-Key' };

function describe(operation: Operation): object {
  const { summary, description = '', access, body, answers, route } = operation;
  const who = access === 'open' ? 'For everyone.' : `For keys of the role ${access}.`;
  const answered = Object.entries(answers).map(([status, answer]) => [status, response(answer)]);
  return {
    operationId: operationId(operation),
    summary,
    description: description === '' ? who : `${description} ${who}`,
    security: access === 'open' ? [] : [{ bearer: [] }, { key: [] }],
    parameters: parameters(operation),
    ...(body === undefined ? {} : { requestBody: { content: bodies(body) } }),
    responses: { ...Object.fromEntries(answered), default: failure(route) },
  };
}

function bodies(body: NonNullable<Operation['body']>): object {
  const byType = typeof body === 'string' ? { 'application/json': body } : body;
  return Object.assign({}, ...Object.entries(byType).map(([type, schema]) => content(type, schema)));
}

function operationId({ method, route }: Operation): string {
  return [method, ...route.split(/[^A-Za-z0-9]+/).filter((part) => part !== '')].join('_');
}

function parameters({ route, query = {}, headers = {} }: Operation): object[] {
  const path = [...route.matchAll(/:(\w+)/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  const inQuery = Object.entries(query).map(([name, rest]) => ({ name, in: 'query', ...rest }));
  const inHeaders = Object.entries(headers).map(([name, description]) => ({
    name,
    in: 'header',
    description,
    schema: { type: 'string' },
  }));
  return [...path, ...inQuery, ...inHeaders];
}

function response({ description, schema, type = 'application/json' }: Operation['answers'][number]): object {
  if (schema === undefined && type === 'application/json') return { description };
  const media = schema === 'Problem' ? 'application/problem+json' : type;
  return { description, content: schema === undefined ? { [media]: {} } : content(media, schema) };
}

function failure(route: string): object {
  const isOfrep = route.startsWith('/ofrep/');
  const shown = isOfrep ? content('application/json', 'OfrepFailure') : content('application/problem+json', 'Problem');
  return { description: 'Anything else that goes wrong.', content: shown };
}

function content(type: string, schema: string | readonly string[]): object {
  const [first, ...others] = [schema].flat().map((name) => ({ $ref: `#/components/schemas/${name}` }));
  return { [type]: { schema: others.length === 0 ? first : { anyOf: [first, ...others] } } };
}
