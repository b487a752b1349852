import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { type ApplicationFlag, applicationFlags } from '../../src/codegen/application-flag.js';
import { manifestFor } from '../../src/codegen/manifest.js';
import type { JsonObject } from '../../src/model/json.js';
import { compile } from '../../src/project/compile.js';
import { shop } from './shop.js';

/** What version 0 of the OpenFeature CLI's manifest demands, said anew: a type, a default of that type, a small schema. */
const flagOf = (flagType: string, defaultValue: object | boolean, more: object = {}) => ({
  type: 'object',
  required: ['flagType', 'defaultValue'],
  properties: { flagType: { const: flagType }, defaultValue, description: { type: 'string' }, ...more },
  additionalProperties: false,
});
const MANIFEST = {
  type: 'object',
  required: ['flags'],
  properties: {
    $schema: { type: 'string' },
    flags: {
      type: 'object',
      propertyNames: { minLength: 1 },
      additionalProperties: {
        oneOf: [
          flagOf('boolean', { type: 'boolean' }),
          flagOf('string', { type: 'string' }),
          flagOf('float', { type: 'number' }),
          flagOf('object', true, { schema: { $ref: '#/$defs/shape' } }),
        ],
      },
    },
  },
  additionalProperties: false,
  $defs: {
    shape: {
      type: 'object',
      required: ['type'],
      properties: {
        type: { enum: ['object', 'array', 'string', 'number', 'integer', 'boolean'] },
        properties: { type: 'object', additionalProperties: { $ref: '#/$defs/shape' } },
        required: { type: 'array', items: { type: 'string' } },
        items: { $ref: '#/$defs/shape' },
        additionalProperties: { type: 'boolean' },
      },
      additionalProperties: false,
    },
  },
};

const isManifest = new Ajv2020().compile(MANIFEST);

function written(flags: readonly ApplicationFlag[]): { flags: Record<string, JsonObject> } {
  const manifest = JSON.parse(manifestFor(flags).text);
  expect(isManifest(manifest), JSON.stringify(isManifest.errors)).toBe(true);
  return manifest;
}

const { project } = compile(Object.entries(shop).map(([path, text]) => ({ path, text })));
if (project === undefined) throw new Error('no project');
const flags = applicationFlags(project);

function jsonFlag(value_schema: JsonObject): ApplicationFlag {
  const fallback = { variant: 'a', value: {} };
  return { key: 'a', type: 'json', isArchived: false, variants: ['a'], fallback, value_schema };
}

describe('a manifest for the OpenFeature CLI', () => {
  it('has the type, the default and the description of each flag', () => {
    expect(written(flags).flags).toMatchObject({
      'checkout.one-page': { flagType: 'boolean', defaultValue: true },
      greeting: { flagType: 'string', defaultValue: 'Hi' },
      'old-banner': { flagType: 'boolean', defaultValue: false, description: 'Archived.' },
      theme: { flagType: 'object', defaultValue: { colour: 'blue' } },
      anything: { flagType: 'object', defaultValue: null },
    });
  });

  it('takes what a flag serves when it is off, where its default is the caller’s', () => {
    expect(written(flags).flags.search_limit).toEqual({ flagType: 'float', defaultValue: 5 });
  });

  it('has a schema where all of it can be said', () => {
    const schema = {
      type: 'object',
      properties: { list: { type: 'array', items: { type: 'string', minLength: 1 } }, any: { type: 'object' } },
      required: ['list'],
      additionalProperties: false,
    };
    const { properties, ...rest } = schema;
    expect(written([jsonFlag(schema)]).flags.a?.schema).toEqual({
      ...rest,
      properties: { ...properties, list: { type: 'array', items: { type: 'string' } } },
    });
  });

  it.each<JsonObject>([
    { type: ['object', 'null'] },
    { type: 'object', properties: { a: { enum: [1, 'x'] } } },
    { type: 'array', items: { $ref: '#' } },
    { type: 'null' },
  ])('has no schema where the manifest has no words for it: %j', (schema) => {
    expect(written([jsonFlag(schema)]).flags.a).not.toHaveProperty('schema');
  });

  it('says which flags it cannot take, and is false for a boolean without a default', () => {
    const bare = { isArchived: false, variants: [] };
    const { text, leftOut } = manifestFor([
      { key: 'a', type: 'string', ...bare },
      { key: 'b', type: 'boolean', ...bare },
    ]);
    expect(leftOut).toEqual(['a']);
    expect(JSON.parse(text).flags).toEqual({ b: { flagType: 'boolean', defaultValue: false } });
  });
});
