import { describe, expect, it } from 'vitest';
import { compileValueSchema } from '../../src/schema/value-schema.js';

function problemOf(schema: object | boolean): string | undefined {
  const compiled = compileValueSchema(schema);
  return 'problem' in compiled ? compiled.problem : undefined;
}

function judge(schema: object | boolean, value: unknown): string | undefined {
  const compiled = compileValueSchema(schema);
  return 'check' in compiled ? compiled.check(value) : compiled.problem;
}

describe('a value schema', () => {
  it.each<[object | boolean, unknown, string | undefined]>([
    [true, 1, undefined],
    [false, 1, 'boolean schema is false'],
    [{ type: 'object', required: ['limit'] }, {}, "must have required property 'limit'"],
    [{ properties: { limit: { maximum: 10 } } }, { limit: 11 }, '`/limit` must be <= 10'],
    [{ $defs: { n: { type: 'number' } }, items: { $ref: '#/$defs/n' } }, [1, 'x'], '`/1` must be number'],
    [
      { $id: 'https://example.com/s', properties: { x: { $ref: '#' } }, type: 'object' },
      { x: 1 },
      '`/x` must be object',
    ],
    [{ 'x-own': 1, format: 'email' }, 'no mail', undefined],
  ])('%j judges %j', (schema, value, expected) => {
    expect(judge(schema, value)).toBe(expected);
  });

  it.each<[object, string]>([
    [{ type: 'strin' }, '`/type` must be equal to one of the allowed values'],
    [{ $ref: 'https://example.com/remote.json' }, '`$ref: https://example.com/remote.json` leads nowhere'],
    [
      { $ref: 'https://json-schema.org/draft/2020-12/schema' },
      '`$ref: https://json-schema.org/draft/2020-12/schema` leads nowhere',
    ],
    [{ $ref: '#/$defs/missing' }, '`$ref: #/$defs/missing` leads nowhere'],
    [{ $async: true }, '`$async` is not part of JSON Schema'],
    [
      { $schema: 'http://json-schema.org/draft-07/schema#' },
      'no schema with key or ref "http://json-schema.org/draft-07/schema#"',
    ],
    [{ pattern: '(' }, 'invalid regular expression: /(/u: Unterminated group'],
  ])('%j is none', (schema, problem) => {
    expect(problemOf(schema)).toBe(problem);
  });

  it('that refers to itself without end is told, not followed', () => {
    expect(judge({ $ref: '#' }, 1)).toBe('the schema refers to itself without end');
  });

  it('knows nothing of others with the same name, before it or after it', () => {
    expect(
      problemOf({ $id: 'https://example.com/same', $defs: { a: { $id: 'inner', type: 'string' } } }),
    ).toBeUndefined();
    expect(problemOf({ $id: 'https://example.com/same', type: 'number' })).toBeUndefined();
    expect(problemOf({ $ref: 'https://example.com/same' })).toBe('`$ref: https://example.com/same` leads nowhere');
    expect(problemOf({ $id: 'https://example.com/other', $ref: 'inner' })).toBe(
      '`$ref: https://example.com/inner` leads nowhere',
    );
  });

  it('is compiled once', () => {
    const schema = { type: 'number' };
    expect(compileValueSchema(schema)).toBe(compileValueSchema(schema));
  });
});
