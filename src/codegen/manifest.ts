import type { FlagType } from '../model/flag.js';
import type { Json, JsonObject } from '../model/json.js';
import type { ApplicationFlag } from './application-flag.js';

/** A flag manifest, and the keys of flags that could not be put there: they have no default of their own. */
export interface Manifest {
  readonly text: string;
  readonly leftOut: readonly string[];
}

/** Any whole number may be followed by another that is none, so a number is never an `integer`. */
const TYPES: Readonly<Record<FlagType, string>> = {
  boolean: 'boolean',
  string: 'string',
  number: 'float',
  json: 'object',
};

export const MANIFEST_SCHEMA = 'https://raw.githubusercontent.com/open-feature/cli/main/schema/v0/flag-manifest.json';

/** A manifest for the OpenFeature CLI, which makes typed accessors for many languages from it. */
export function manifestFor(flags: readonly ApplicationFlag[]): Manifest {
  const entries = flags.map((flag) => [flag, defaultValueOf(flag)] as const);
  const written = entries.flatMap(([flag, value]) => (value === undefined ? [] : [[flag.key, entry(flag, value)]]));
  return {
    text: `${JSON.stringify({ $schema: MANIFEST_SCHEMA, flags: Object.fromEntries(written) }, undefined, 2)}\n`,
    leftOut: entries.filter(([, value]) => value === undefined).map(([{ key }]) => key),
  };
}

/** A manifest must name a default: where the flag leaves it to the caller, what it serves when it is off. */
function defaultValueOf({ type, fallback, off }: ApplicationFlag): Json | undefined {
  const served = fallback ?? off;
  if (served !== undefined) return served.value;
  return type === 'boolean' ? false : undefined;
}

function entry({ type, description, value_schema, isArchived }: ApplicationFlag, defaultValue: Json): JsonObject {
  const schema = type === 'json' ? propertySchema(value_schema) : undefined;
  const words = [isArchived ? 'Archived.' : '', description?.trim() ?? ''].filter((text) => text !== '').join(' ');
  return {
    flagType: TYPES[type],
    defaultValue,
    ...(words === '' ? {} : { description: words }),
    ...(schema === undefined ? {} : { schema }),
  };
}

const PROPERTY_TYPES: readonly unknown[] = ['object', 'array', 'string', 'number', 'integer', 'boolean'];

/** The part of JSON Schema that a manifest knows: one type each. `undefined`: this schema says more than that. */
function propertySchema(schema: Json | undefined): JsonObject | undefined {
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) return undefined;
  const { type, required, additionalProperties } = schema as JsonObject;
  if (type === undefined || !PROPERTY_TYPES.includes(type)) return undefined;
  const items = propertySchema((schema as JsonObject).items);
  const properties = propertySchemas((schema as JsonObject).properties);
  if (properties === undefined || (items === undefined && (schema as JsonObject).items !== undefined)) return undefined;
  return {
    type,
    ...(Object.keys(properties).length === 0 ? {} : { properties }),
    ...(required === undefined ? {} : { required }),
    ...(items === undefined ? {} : { items }),
    ...(typeof additionalProperties === 'boolean' ? { additionalProperties } : {}),
  };
}

function propertySchemas(properties: Json = {}): JsonObject | undefined {
  const entries = Object.entries(properties as JsonObject).map(
    ([name, schema]) => [name, propertySchema(schema)] as const,
  );
  return entries.some(([, schema]) => schema === undefined)
    ? undefined
    : Object.fromEntries(entries.flatMap(([name, schema]) => (schema === undefined ? [] : [[name, schema]])));
}
