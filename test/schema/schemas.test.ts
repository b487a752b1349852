import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';

const DIRECTORY = join(import.meta.dirname, '../../schemas');
const NAMES = readdirSync(DIRECTORY).filter((name) => name.endsWith('.schema.json'));

interface Schema {
  readonly [keyword: string]: unknown;
}

function read(name: string): Schema {
  return JSON.parse(readFileSync(join(DIRECTORY, name), 'utf8'));
}

/** Every schema within a schema that gives fields, with a pointer to it. */
function* objectsIn(value: unknown, pointer = ''): Generator<{ readonly pointer: string; readonly schema: Schema }> {
  if (typeof value !== 'object' || value === null) return;
  const schema = value as Schema;
  if (isShape(schema)) yield { pointer, schema };
  for (const [key, child] of Object.entries(schema)) {
    if (key !== 'examples') yield* objectsIn(child, `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`);
  }
}

/** `if` and `then` speak of fields that are described elsewhere. */
function isShape(schema: Schema): boolean {
  return schema.type === 'object' && typeof schema.properties === 'object';
}

function compiler(): Ajv2020 {
  const ajv = new Ajv2020({ allowUnionTypes: true, strictTypes: false });
  for (const name of NAMES) ajv.addSchema(read(name));
  return ajv;
}

describe.each(NAMES)('%s', (name) => {
  const ajv = compiler();

  it('is a JSON Schema with its own name', () => {
    expect(ajv.validateSchema(read(name))).toBe(true);
    expect(read(name).$id).toBe(name);
    expect(ajv.getSchema(name)).toBeTypeOf('function');
  });

  it('knows every key of every mapping that it describes', () => {
    const open = [...objectsIn(read(name))].filter(({ schema }) => schema.additionalProperties !== false);
    expect(open.map(({ pointer }) => pointer)).toEqual([]);
  });

  it('describes every field, with examples that are valid', () => {
    for (const { pointer, schema } of objectsIn(read(name))) {
      for (const [field, described] of Object.entries(schema.properties as Record<string, Schema>)) {
        const place = `${pointer}/properties/${field}`;
        expect(described, place).toMatchObject({ description: expect.stringMatching(/./) });
        expect(described.examples, place).toBeInstanceOf(Array);
        const validate = ajv.getSchema(`${name}#${place}`);
        for (const example of described.examples as unknown[]) {
          expect(validate?.(example), `${place}: ${JSON.stringify(example)}`).toBe(true);
        }
      }
    }
  });
});

it('there is one schema a kind of file, and what they share', () => {
  expect(NAMES.sort()).toEqual(
    ['common', 'flag', 'group', 'override', 'project', 'segment', 'test'].map((name) => `${name}.schema.json`),
  );
});
