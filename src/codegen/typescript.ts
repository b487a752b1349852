import type { FlagType } from '../model/flag.js';
import type { ApplicationFlag } from './application-flag.js';
import { documentation, prose } from './comment.js';
import { type Clash, identifiersOf, typeNameOf } from './identifiers.js';
import { literal, quoted } from './literal.js';
import { valueTypeOf } from './value-type.js';

/** A file of code, and what its reader should know. */
export interface GeneratedCode {
  readonly text: string;
  readonly clashes: readonly Clash[];
}

/** How a generated file begins. */
export const GENERATED_BY = '// Written by `flagstaff codegen';

const HEADER = [`${GENERATED_BY} --lang ts\`: change the flags, not this file.`, '/* eslint-disable */'].join('\n');

const FUNCTIONS: Readonly<Record<FlagType, string>> = {
  boolean: 'booleanFlag',
  string: 'stringFlag',
  number: 'numberFlag',
  json: 'jsonFlag',
};

/**
 * A constant for each flag, with its key, the type of its value, and its default as the value where nothing else is to
 * be had. Deterministic: the same flags, the same text.
 */
export function typescriptFor(flags: readonly ApplicationFlag[]): GeneratedCode {
  const { identifiers, clashes } = identifiersOf(flags.map(({ key }) => key));
  const parts = flags.map((flag) => partFor(flag, identifiers.get(flag.key) ?? flag.key));
  const text = [HEADER, imports(parts), ...parts.map(({ code }) => code)].filter((each) => each !== '').join('\n\n');
  return { text: `${text}\n`, clashes };
}

interface Part {
  readonly code: string;
  readonly values: readonly string[];
  readonly types: readonly string[];
}

function imports(parts: readonly Part[]): string {
  const values = new Set(parts.flatMap((part) => part.values));
  const types = new Set(parts.flatMap((part) => part.types));
  const names = [...[...values].sort(), ...[...types].sort().map((name) => `type ${name}`)];
  if (names.length === 0) return 'export {};';
  return ['import {', ...names.map((name) => `  ${name},`), "} from 'flagstaff/sdk';"].join('\n');
}

function partFor(flag: ApplicationFlag, identifier: string): Part {
  const { value, declarations } = valueTypesOf(flag, typeNameOf(identifier));
  const make = `${FUNCTIONS[flag.type]}${flag.fallback === undefined ? 'WithoutDefault' : ''}`;
  const shape = shapeOf(flag);
  const type = shape === 'BooleanFlag' ? shape : `${shape}<${value}>`;
  const given = [quoted(flag.key), ...(flag.fallback === undefined ? [] : [literal(flag.fallback.value)])];
  const call = `${make}(${given.join(', ')})`;
  const constant = `export const ${identifier}: ${type} = /* @__PURE__ */ ${call};`;
  const usesJson = [value, ...declarations].some((text) => /\bJson\b/.test(text));
  return {
    code: [...declarations, `${documentation(paragraphs(flag))}\n${constant}`].join('\n\n'),
    values: [make],
    types: [shape, ...(usesJson ? ['Json'] : [])],
  };
}

function shapeOf({ type, fallback }: ApplicationFlag): string {
  if (fallback === undefined) return 'FlagWithoutDefault';
  return type === 'boolean' ? 'BooleanFlag' : 'TypedFlag';
}

/** Not the union of the values there are now: those change in the repository while the application runs. */
function valueTypesOf(flag: ApplicationFlag, typeName: string): { value: string; declarations: readonly string[] } {
  if (flag.type !== 'json') return { value: flag.type, declarations: [] };
  if (flag.value_schema === undefined) return { value: 'Json', declarations: [] };
  const { type, named } = valueTypeOf(flag.value_schema, typeName);
  const all = [[typeName, type] as const, ...named];
  return { value: typeName, declarations: all.map(([name, text]) => `export type ${name} = ${text};`) };
}

function paragraphs(flag: ApplicationFlag): string[] {
  const { description, isArchived } = flag;
  return [
    ...(description === undefined ? [] : [prose(description)]),
    `${identity(flag)}\n${variants(flag)}`,
    ...(isArchived ? ['@deprecated archived: the default is all that it serves, so its code can go'] : []),
  ];
}

function identity({ key, type, purpose, owner, remove_by }: ApplicationFlag): string {
  const what = purpose === undefined ? `${type} flag` : `${type} flag (${purpose.replace('_', ' ')})`;
  const whose = owner === undefined ? '' : ` of ${prose(owner)}`;
  const until = remove_by === undefined ? '' : `, to be removed by ${remove_by}`;
  return `\`${key}\`: ${what}${whose}${until}.`;
}

function variants({ variants: names, fallback }: ApplicationFlag): string {
  const listed = names.map((name) => `\`${name}\``).join(', ');
  return `Variants: ${listed}. Default: ${fallback === undefined ? 'yours' : `\`${fallback.variant}\``}.`;
}
