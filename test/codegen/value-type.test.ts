import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { literal } from '../../src/codegen/literal.js';
import { valueTypeOf } from '../../src/codegen/value-type.js';
import type { Json, JsonObject } from '../../src/model/json.js';
import { typeErrors } from './compiling.js';

function typeOf(schema: JsonObject | boolean): string {
  return valueTypeOf(schema, 'T').type;
}

describe('the type of what a schema admits', () => {
  it.each<[JsonObject | boolean, string]>([
    [true, 'Json'],
    [{}, 'Json'],
    [false, 'never'],
    [{ type: 'string', minLength: 1 }, 'string'],
    [{ type: 'integer' }, 'number'],
    [{ type: ['string', 'null'] }, 'string | null'],
    [{ enum: ['a', 1, null] }, "'a' | 1 | null"],
    [{ const: { a: [1] } }, '{ readonly a: readonly [1] }'],
    [{ type: 'array', items: { type: ['string', 'number'] } }, 'ReadonlyArray<string | number>'],
    [{ type: 'array', prefixItems: [{ type: 'string' }], items: false }, 'readonly [(string)?]'],
    [{ type: 'array', prefixItems: [{ type: 'string' }] }, 'readonly [(string)?, ...Array<Json>]'],
    [{ type: 'object' }, '{ readonly [name: string]: Json }'],
    [{ type: 'object', additionalProperties: { type: 'number' } }, '{ readonly [name: string]: number }'],
    [
      { type: 'object', properties: { a: { type: 'string' }, 'b-c': true }, required: ['a', 'd'] },
      "{ readonly a: string; readonly 'b-c'?: Json; readonly d: Json }",
    ],
    [{ type: 'object', properties: { a: true }, anyOf: [{ required: ['a'] }] }, '{ readonly a?: Json }'],
    [
      {
        allOf: [
          { type: 'object', required: ['a'] },
          { type: 'object', required: ['b'] },
        ],
      },
      '({ readonly a: Json }) & ({ readonly b: Json })',
    ],
    [{ oneOf: [{ type: 'string' }, { type: 'boolean' }] }, 'string | boolean'],
    [{ not: { type: 'string' } }, 'Json'],
    [{ $ref: 'https://example.com/schema.json' }, 'Json'],
    [{ $ref: '#/$defs/missing' }, 'Json'],
    [{ $ref: '#/$defs/%' }, 'Json'],
    // Without `type` a schema admits a string too, whatever it says of properties.
    [{ properties: { a: { type: 'string' } } }, 'Json'],
  ])('%j', (schema, type) => {
    expect(typeOf(schema)).toBe(type);
  });

  it('has an entry a line where it is long', () => {
    const property = { type: 'object', properties: { ['x'.repeat(90)]: { type: 'string' } } };
    expect(typeOf({ type: 'object', properties: { a: property } })).toBe(
      `{\n  readonly a?: {\n    readonly ${'x'.repeat(90)}?: string;\n  };\n}`,
    );
  });

  it('names what is referred to, so that it may refer to itself', () => {
    const schema = {
      $ref: '#/$defs/tree%20node',
      $defs: { 'tree node': { type: 'object', properties: { children: { type: 'array', items: { $ref: '#' } } } } },
    };
    expect(valueTypeOf(schema, 'T')).toEqual({
      type: 'T_tree_20node',
      named: [['T_tree_20node', '{ readonly children?: ReadonlyArray<T> }']],
    });
  });

  it('is open where a schema is nothing but itself', () => {
    const schema = {
      $ref: '#/$defs/a',
      $defs: { a: { anyOf: [{ $ref: '#/$defs/b' }, { type: 'string' }] }, b: { $ref: '#/$defs/a' } },
    };
    expect(valueTypeOf(schema, 'T').named.map(([, type]) => type)).toEqual(['Json', 'Json']);
    expect(typeOf({ $ref: '#' })).toBe('Json');
  });
});

interface Sample {
  readonly schema: JsonObject;
  readonly value: Json;
}

/** A schema with a value that it admits, made together. */
const { sample } = fc.letrec<{ sample: Sample }>((tie) => {
  const name = fc.constantFrom('a', 'b', 'it-s', 'class');
  const member = fc.record({ name, of: tie('sample'), required: fc.boolean(), present: fc.boolean() });
  const leaf = fc.oneof(
    fc.string().map((value): Sample => ({ schema: { type: 'string' }, value })),
    fc.integer().map((value): Sample => ({ schema: { type: 'integer' }, value })),
    fc.jsonValue({ maxDepth: 1 }).map((value): Sample => ({ schema: { const: value as Json }, value: value as Json })),
    fc.constant<Sample>({ schema: { type: ['null', 'boolean'] }, value: null }),
    fc.jsonValue({ maxDepth: 1 }).map((value): Sample => ({ schema: {}, value: value as Json })),
    fc.constant<Sample>({ schema: { $ref: '#/$defs/tree' }, value: { children: [{ children: [] }] } }),
  );
  const list = fc.array(tie('sample'), { maxLength: 3 });
  return {
    sample: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      leaf,
      list.map((items): Sample => {
        const schema = { type: 'array', items: { anyOf: [...items.map((item) => item.schema), { type: 'string' }] } };
        return { schema, value: items.map((item) => item.value) };
      }),
      list.map((items): Sample => {
        const schema = { type: 'array', prefixItems: items.map((item) => item.schema) };
        return { schema: items.length === 0 ? { type: 'array' } : schema, value: items.map((item) => item.value) };
      }),
      fc.uniqueArray(member, { selector: (each) => each.name, maxLength: 4 }).map((members): Sample => {
        const properties = Object.fromEntries(members.map((each) => [each.name, each.of.schema]));
        const required = members.filter((each) => each.required).map((each) => each.name);
        const present = members.filter((each) => each.required || each.present);
        const value = Object.fromEntries(present.map((each) => [each.name, each.of.value]));
        return { schema: { type: 'object', properties, required, additionalProperties: false }, value };
      }),
      tie('sample').map(({ schema, value }): Sample => ({ schema: { allOf: [schema], description: 'x' }, value })),
    ),
  };
});

const $defs: JsonObject = {
  tree: {
    type: 'object',
    properties: { children: { type: 'array', items: { $ref: '#/$defs/tree' } } },
    required: ['children'],
  },
};

describe('a value that a schema admits', () => {
  it('has the type of the schema, says the TypeScript compiler', { timeout: 60_000 }, () => {
    const samples = fc.sample(sample, 200).map(({ schema, value }) => ({ schema: { ...schema, $defs }, value }));
    const ajv = new Ajv2020({ strict: false });
    for (const { schema, value } of samples) expect(ajv.validate(schema, value), JSON.stringify(schema)).toBe(true);
    const code = samples.flatMap(({ schema, value }, index) => {
      const { type, named } = valueTypeOf(schema, `T${index}`);
      const types = [[`T${index}`, type], ...named].map(([name, text]) => `export type ${name} = ${text};`);
      return [...types, `export const value${index}: T${index} = ${literal(value)};`];
    });
    const text = ["import type { Json } from '../src/model/json.js';", 'export type Used = Json;', ...code].join('\n');
    expect(typeErrors({ 'values.ts': text })).toEqual({ 'values.ts': [] });
  });
});
