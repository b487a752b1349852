import type { DefinedError } from 'ajv/dist/2020.js';
import type { Finding } from '../diagnostics/diagnostic.js';
import { child } from '../diagnostics/pointer.js';
import { didYouMean, nearest } from '../diagnostics/suggest.js';
import { sourceAt } from '../syntax/locate.js';
import type { SourceFile } from '../syntax/source-file.js';
import { kindOfValue, nameOfType, placeName, shorten } from './wording.js';

/** What the schemas say about themselves, for people. */
interface Annotated {
  readonly title?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, { readonly examples?: readonly unknown[] }>>;
  readonly required?: readonly string[];
}

type Explained = Omit<Finding, 'file'>;

/** Turns ajv's errors into findings that a person understands: one for each cause. */
export function explain(file: SourceFile, errors: readonly DefinedError[]): Finding[] {
  const findings = new Map<string, Finding>();
  const meant = new Set(errors.map(keyMeant));
  for (const error of errors) {
    const explained = keysMissed(error).some((key) => meant.has(key)) ? undefined : explainError(file, error);
    if (explained === undefined) continue;
    const place = explained.target === 'key' ? explained.message : '';
    const cause = `${explained.pointer} ${place}`;
    if (!findings.has(cause)) findings.set(cause, { ...explained, file: file.path });
  }
  return [...findings.values()];
}

/** The key that an unknown one seems to be a slip of: that it is missing has the same cause. */
function keyMeant(error: DefinedError): string | undefined {
  if (error.keyword !== 'additionalProperties') return undefined;
  const key = nearest(error.params.additionalProperty, knownKeys(error));
  return key === undefined ? undefined : child(error.instancePath, key);
}

function keysMissed({ keyword, instancePath, params, schema }: DefinedError): string[] {
  if (keyword === 'required') return [child(instancePath, params.missingProperty)];
  return keyword === 'anyOf' ? alternatives(schema).map((key) => child(instancePath, key)) : [];
}

/** The keys of which one would have to be there. */
function alternatives(schemas: unknown): string[] {
  return (schemas as readonly Annotated[]).flatMap(({ required }) => required ?? []);
}

function knownKeys({ parentSchema }: DefinedError): string[] {
  return Object.keys((parentSchema as Annotated).properties ?? {});
}

/** `undefined` for an error that only repeats others. */
function explainError(file: SourceFile, error: DefinedError): Explained | undefined {
  if (error.schemaPath.includes('/anyOf/')) return undefined;
  if (error.propertyName !== undefined) return badName(error, error.propertyName);
  switch (error.keyword) {
    case 'if':
    case 'propertyNames':
      return undefined;
    case 'additionalProperties':
      return unknownKey(error);
    case 'required':
      return missingKey(error);
    case 'anyOf':
      return noneOf(error);
    case 'type':
      return wrongType(file, error);
    case 'not':
      return excluded(error);
    case 'minLength':
      return emptyText(error);
    case 'uniqueItems':
      return repeated(error);
    default:
      return wrongValue(file, error);
  }
}

function unknownKey(error: DefinedError & { keyword: 'additionalProperties' }): Explained {
  const { instancePath, params } = error;
  const key = params.additionalProperty;
  const known = knownKeys(error);
  const place = placeName(instancePath);
  return {
    code: 'schema/unknown-key',
    pointer: child(instancePath, key),
    target: 'key',
    message: `unknown key \`${shorten(key)}\`${place === '' ? '' : ` in ${place}`}`,
    help: didYouMean(key, known) ?? `possible here: ${list(known)}`,
  };
}

function missingKey({ instancePath, params, parentSchema }: DefinedError & { keyword: 'required' }): Explained {
  const key = params.missingProperty;
  const [example] = (parentSchema as Annotated).properties?.[key]?.examples ?? [];
  return {
    code: 'schema/missing-key',
    pointer: child(instancePath, key),
    target: 'key',
    message: `${placeName(instancePath) || 'the file'} has no \`${key}\``,
    help: example === undefined ? `add \`${key}\`` : `add it, for example \`${key}: ${inline(example)}\``,
  };
}

/** None of several alternatives, each of which is a key that would have to be there. */
function noneOf({ instancePath, schema, parentSchema }: DefinedError & { keyword: 'anyOf' }): Explained {
  const keys = alternatives(schema);
  const isSegment = (parentSchema as Annotated).title === 'a segment';
  return {
    code: isSegment ? 'schema/empty' : 'schema/missing-key',
    pointer: instancePath,
    target: 'key',
    message: `${placeName(instancePath) || 'the file'} has neither ${keys.map((key) => `\`${key}\``).join(' nor ')}`,
    help: isSegment ? 'nobody is in such a segment: say who is' : `add ${keys.map((key) => `\`${key}\``).join(' or ')}`,
  };
}

function wrongType(file: SourceFile, { instancePath, params, data }: DefinedError & { keyword: 'type' }): Explained {
  const wanted = [params.type].flat() as readonly string[];
  if (wanted.includes('string') && (typeof data === 'number' || typeof data === 'boolean')) {
    return unquoted(instancePath, data, sourceAt(file, instancePath) ?? String(data));
  }
  const meant = wanted.map(nameOfType).join(' or ');
  return {
    code: 'schema/wrong-type',
    pointer: instancePath,
    message: `${placeName(instancePath) || 'the file'} is ${kindOfValue(data)}, but ${meant} is meant`,
    help: data === null ? `write ${meant}, or leave the key out` : `write ${meant}`,
  };
}

function unquoted(pointer: string, data: number | boolean, source: string): Explained {
  return {
    code: 'schema/unquoted-string',
    pointer,
    message: `\`${source}\` is read as a ${typeof data}, but ${placeName(pointer)} is text`,
    help: `quote it: '${source}'`,
  };
}

/** A key that excludes another, or that has no meaning beside it. */
function excluded({ instancePath, schema }: DefinedError & { keyword: 'not' }): Explained {
  const { required = [], description = 'not allowed' } = schema as Annotated;
  const key = required[required.length - 1] ?? '';
  return {
    code: required.length > 1 ? 'schema/invalid-value' : 'schema/unknown-key',
    pointer: child(instancePath, key),
    target: 'key',
    message: description,
    help: required.length > 1 ? `keep one of ${list(required)}` : `remove \`${key}\``,
  };
}

function badName({ instancePath, parentSchema }: DefinedError, name: string): Explained {
  const { title = 'a name', description } = parentSchema as Annotated;
  return {
    code: 'schema/invalid-value',
    pointer: child(instancePath, name),
    target: 'key',
    message: `\`${shorten(name)}\` is not ${title}`,
    ...(description === undefined ? {} : { help: toHelp(description) }),
  };
}

function emptyText({ instancePath }: DefinedError): Explained {
  const help = 'write text, or leave it out';
  return { code: 'schema/invalid-value', pointer: instancePath, message: `${placeName(instancePath)} is empty`, help };
}

/** ajv tells of the last pair first, by the positions of both. */
function repeated({ instancePath, params, data }: DefinedError & { keyword: 'uniqueItems' }): Explained {
  const index = Math.max(params.i, params.j);
  const item = inline((data as readonly unknown[])[index]);
  return {
    code: 'schema/invalid-value',
    pointer: child(instancePath, index),
    message: `\`${shorten(item)}\` is listed twice`,
    help: 'list each entry once',
  };
}

function wrongValue(file: SourceFile, error: DefinedError): Explained {
  const { instancePath, parentSchema, data } = error;
  const { title = 'a value of this kind', description } = (parentSchema ?? {}) as Annotated;
  if (isEmpty(data, error)) {
    const message = `${placeName(instancePath)} is empty`;
    return { code: 'schema/empty', pointer: instancePath, message, help: 'add an entry, or remove what it is for' };
  }
  const source = shorten(sourceAt(file, instancePath) ?? inline(data));
  const help = choices(data, error) ?? (description && toHelp(description));
  return {
    code: 'schema/invalid-value',
    pointer: instancePath,
    message: `\`${source}\` is not ${title}`,
    ...(help === undefined ? {} : { help }),
  };
}

function isEmpty(data: unknown, { keyword }: DefinedError): boolean {
  if (keyword === 'minProperties') return true;
  return keyword === 'minItems' && Array.isArray(data) && data.length === 0;
}

function choices(data: unknown, error: DefinedError): string | undefined {
  if (error.keyword !== 'enum') return undefined;
  const values = (error.params.allowedValues as readonly unknown[]).map(String);
  return (typeof data === 'string' ? didYouMean(data, values) : undefined) ?? `one of ${list(values)}`;
}

function list(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(', ');
}

function inline(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Descriptions are sentences; help is not. */
function toHelp(description: string): string {
  return description.charAt(0).toLowerCase() + description.slice(1).replace(/\.$/, '');
}
