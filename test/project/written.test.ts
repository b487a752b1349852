import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');

interface Schema {
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly additionalProperties?: Schema;
  readonly $defs?: Readonly<Record<string, Schema>>;
}

function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

const schemas = new Map(
  ['common', 'project', 'flag', 'override', 'segment', 'group', 'test'].map((name): [string, Schema] => [
    name,
    JSON.parse(read(`schemas/${name}.schema.json`)),
  ]),
);

/** The names of the fields at a place of a schema, such as `flag snooze` or `common $defs rule`. */
function schemaFields(place: string): string[] {
  const [name = '', ...steps] = place.split(' ');
  let schema = schemas.get(name) ?? {};
  for (const step of steps) schema = enter(schema, step);
  return Object.keys(schema.properties ?? {}).sort();
}

function enter(schema: Schema, step: string): Schema {
  if (step === '*') return schema.additionalProperties ?? {};
  if (step === '[]') return schema.items ?? {};
  return schema.properties?.[step] ?? schema.$defs?.[step] ?? {};
}

const source = ts.createSourceFile('written.ts', read('src/project/written.ts'), ts.ScriptTarget.Latest, true);

const interfaces = new Map<string, ts.InterfaceDeclaration>();
ts.forEachChild(source, (node) => {
  if (ts.isInterfaceDeclaration(node)) interfaces.set(node.name.text, node);
});

/** The members of an interface, those that it extends included; `A.b`: those of the literal type of a member. */
function typeFields(path: string): string[] {
  const [name = '', member] = path.split('.');
  const declaration = interfaces.get(name);
  if (declaration === undefined) throw new Error(`no interface ${name}`);
  if (member === undefined) return [...membersOf(declaration), ...inheritedBy(declaration)].sort();
  const property = declaration.members.find((one) => one.name?.getText() === member);
  const type = property !== undefined && ts.isPropertySignature(property) ? property.type : undefined;
  if (type === undefined || !ts.isTypeLiteralNode(type)) throw new Error(`${path} is no literal type`);
  return membersOf(type).sort();
}

function membersOf({ members }: { readonly members: ts.NodeArray<ts.TypeElement> }): string[] {
  return members.map((member) => member.name?.getText() ?? '');
}

function inheritedBy({ heritageClauses = ts.factory.createNodeArray() }: ts.InterfaceDeclaration): string[] {
  return heritageClauses.flatMap(({ types }) => types.flatMap((type) => typeFields(type.getText())));
}

describe.each<[string, string]>([
  ['project', 'WrittenProject'],
  ['project naming', 'WrittenProject.naming'],
  ['project review', 'WrittenProject.review'],
  ['project context *', 'WrittenAttribute'],
  ['flag', 'WrittenFlag'],
  ['flag snooze', 'WrittenFlag.snooze'],
  ['override', 'WrittenOverride'],
  ['segment', 'WrittenSegment'],
  ['group', 'WrittenGroup'],
  ['group slots []', 'WrittenSlot'],
  ['test', 'WrittenTests'],
  ['test cases []', 'WrittenCase'],
  ['test cases [] expect', 'WrittenExpectation'],
  ['test cases [] distribution', 'WrittenDistribution'],
  ['common behaviour', 'WrittenBehaviour'],
  ['common rule', 'WrittenRule'],
  ['common step', 'WrittenStep'],
  ['common rollout', 'WrittenRollout'],
  ['common experiment', 'WrittenExperiment'],
  ['common prerequisite', 'WrittenPrerequisite'],
  ['common comparison', 'WrittenComparison'],
])('schema %s and type %s', (place, type) => {
  it('have the same fields', () => {
    expect(schemaFields(place).length).toBeGreaterThan(0);
    expect(typeFields(type)).toEqual(schemaFields(place));
  });
});

describe('docs/format.md', () => {
  const format = read('docs/format.md');
  const examples = [...format.matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, text = '']) => text);

  /** Is there an example or a sentence that names this field? */
  const names = (field: string): boolean => new RegExp(`(^|[\\s{\`,(-])${field}(:|\`)`, 'm').test(format);

  it.each([
    'project',
    'project naming',
    'project review',
    'project context *',
    'flag',
    'flag snooze',
    'override',
    'segment',
    'group',
    'group slots []',
    'common rule',
    'common step',
    'common rollout',
    'common experiment',
    'common prerequisite',
    'common comparison',
    'common behaviour',
  ])('names every field of %s', (place) => {
    const unnamed = schemaFields(place).filter((field) => !names(field));
    expect(unnamed).toEqual([]);
  });

  it('names no top-level key that the schemas do not have', () => {
    const known = new Set([...schemas.keys()].flatMap(schemaFields));
    for (const name of ['rollout', 'experiment']) for (const field of schemaFields(`common ${name}`)) known.add(field);
    const used = examples.flatMap((example) => [...example.matchAll(/^([a-z_]+):/gm)].map(([, field = '']) => field));
    expect(used.filter((field) => !known.has(field))).toEqual([]);
    expect(used.length).toBeGreaterThan(40);
  });
});
