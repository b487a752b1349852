import type { Json, JsonObject } from '../model/json.js';
import { literal, propertyName } from './literal.js';
import { circular, findPointer, type Link } from './references.js';

/** A TypeScript type, and the named types that it needs. */
export interface ValueType {
  readonly type: string;
  /** Name and type, in the order in which they are met. */
  readonly named: readonly (readonly [name: string, type: string])[];
}

/** A value of whose shape nothing is known. */
const ANY = 'Json';

interface Scope {
  readonly root: JsonObject | boolean;
  readonly name: string;
  /** `$ref` to the name of its type. */
  readonly names: Map<string, string>;
  readonly types: Map<string, string>;
  readonly links: Link[];
  /** The named type that is being written, unless within an object or a list: there it may name itself. */
  readonly inside: string | undefined;
  readonly indent: string;
}

/** What still stands on one line. */
const WIDTH = 100;

/**
 * The type of the values that a JSON Schema (2020-12) admits: never narrower than the schema, and wider where
 * TypeScript cannot say it (a range, a pattern, `not`, a remote `$ref`). A schema that names no `type` admits every
 * type, and so it does here.
 *
 * @param name what the type is called, should the schema refer to itself
 */
export function valueTypeOf(schema: JsonObject | boolean, name: string): ValueType {
  const names = new Map([['#', name]]);
  const scope: Scope = { root: schema, name, names, types: new Map(), links: [], inside: name, indent: '' };
  const type = typeOf(schema, scope);
  const endless = circular(scope.links);
  return {
    type: endless.has(name) ? ANY : type,
    named: [...scope.types].map(([each, text]) => [each, endless.has(each) ? ANY : text]),
  };
}

function typeOf(schema: Json | undefined, scope: Scope): string {
  if (schema === false) return 'never';
  if (!isObject(schema)) return ANY;
  if (schema.const !== undefined) return literalType(schema.const);
  if (Array.isArray(schema.enum)) return union(schema.enum.map(literalType));
  const choices = [schema.anyOf, schema.oneOf].filter((parts) => Array.isArray(parts));
  return intersection([
    referred(schema.$ref, scope),
    typed(schema, { ...scope, inside: undefined }),
    ...listOf(schema.allOf).map((part) => typeOf(part, scope)),
    ...choices.map((parts) => union(listOf(parts).map((part) => typeOf(part, scope)))),
  ]);
}

/** What the keyword `type` says, with those that speak of the types it names. */
function typed(schema: JsonObject, scope: Scope): string {
  const names = typeof schema.type === 'string' ? [schema.type] : listOf(schema.type);
  return names.length === 0 ? ANY : union(names.map((name) => typeNamed(String(name), schema, scope)));
}

function typeNamed(name: string, schema: JsonObject, scope: Scope): string {
  if (name === 'object') return objectType(schema, scope);
  if (name === 'array') return arrayType(schema, scope);
  return name === 'integer' ? 'number' : name;
}

function objectType(schema: JsonObject, scope: Scope): string {
  const properties = isObject(schema.properties) ? schema.properties : {};
  const required = new Set(listOf(schema.required).map(String));
  const names = [...new Set([...Object.keys(properties), ...required])];
  if (names.length === 0) return mapType(schema, scope);
  const below = { ...scope, indent: `${scope.indent}  ` };
  const members = names.map((name) => {
    const type = Object.hasOwn(properties, name) ? typeOf(properties[name], below) : ANY;
    return `readonly ${propertyName(name)}${required.has(name) ? '' : '?'}: ${type}`;
  });
  return braces(members, scope.indent);
}

function braces(members: readonly string[], indent: string): string {
  const flat = `{ ${members.join('; ')} }`;
  if (flat.length + indent.length <= WIDTH && !flat.includes('\n')) return flat;
  return ['{', ...members.map((member) => `${indent}  ${member};`), `${indent}}`].join('\n');
}

/** An object of which no property is known by name. */
function mapType({ patternProperties, additionalProperties }: JsonObject, scope: Scope): string {
  const isKnown = patternProperties === undefined && additionalProperties !== undefined;
  return `{ readonly [name: string]: ${isKnown ? typeOf(additionalProperties, scope) : ANY} }`;
}

/** `prefixItems` says what the first items are, not that they are there. */
function arrayType(schema: JsonObject, scope: Scope): string {
  const rest = schema.items === undefined ? ANY : typeOf(schema.items, scope);
  const first = listOf(schema.prefixItems).map((item) => `(${typeOf(item, scope)})?`);
  if (first.length === 0) return `ReadonlyArray<${rest}>`;
  return `readonly [${[...first, ...(rest === 'never' ? [] : [`...Array<${rest}>`])].join(', ')}]`;
}

/** What a schema refers to has a named type, so that it may refer to itself. */
function referred(reference: Json | undefined, scope: Scope): string {
  if (typeof reference !== 'string') return ANY;
  const name = scope.names.get(reference) ?? declare(reference, scope);
  if (name === undefined) return ANY;
  if (scope.inside !== undefined) scope.links.push([scope.inside, name]);
  return name;
}

function declare(reference: string, scope: Scope): string | undefined {
  const target = findPointer(scope.root, reference);
  if (target === undefined) return undefined;
  const name = freeName(reference, scope);
  scope.names.set(reference, name);
  scope.types.set(name, ANY);
  scope.types.set(name, typeOf(target, { ...scope, inside: name, indent: '' }));
  return name;
}

function freeName(reference: string, { name, types }: Scope): string {
  const last = reference.slice(reference.lastIndexOf('/') + 1).replace(/[^A-Za-z0-9]+/g, '_');
  const wanted = `${name}_${last}`;
  let free = wanted;
  for (let count = 2; types.has(free); count += 1) free = `${wanted}_${count}`;
  return free;
}

function literalType(value: Json): string {
  if (Array.isArray(value)) return `readonly [${value.map(literalType).join(', ')}]`;
  if (!isObject(value)) return literal(value);
  const members = Object.entries(value).map(([name, item]) => `readonly ${propertyName(name)}: ${literalType(item)}`);
  return members.length === 0 ? '{ readonly [name: string]: never }' : `{ ${members.join('; ')} }`;
}

function union(types: readonly string[]): string {
  const distinct = [...new Set(types)].filter((type) => type !== 'never');
  if (distinct.includes(ANY)) return ANY;
  return distinct.length === 0 ? 'never' : distinct.join(' | ');
}

function intersection(types: readonly string[]): string {
  const [first = ANY, ...others] = [...new Set(types)].filter((type) => type !== ANY);
  return others.length === 0 ? first : [first, ...others].map((type) => `(${type})`).join(' & ');
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}
