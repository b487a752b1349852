import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Refusal } from '../diagnostics/refusal.js';
import { didYouMean, nearest } from '../diagnostics/suggest.js';
import { type Context, TARGETING_KEY } from '../model/context.js';
import type { Json } from '../model/json.js';
import type { Attribute, Settings } from '../model/snapshot.js';
import { contextOf, parseJson } from './json.js';
import { note, readStdin, type Terminal } from './terminal.js';

export interface ContextOptions {
  /** JSON, `@FILE`, or `-` for stdin */
  readonly context?: string;
  /** `NAME=VALUE` each */
  readonly attr?: readonly string[];
}

/** The context that `--context` and `--attr` describe together; an `--attr` wins. */
export async function readContext(options: ContextOptions, settings: Settings, terminal: Terminal): Promise<Context> {
  const base = options.context === undefined ? {} : await readBase(options.context, terminal);
  const attributes = attributesOf(options.attr ?? [], settings.context);
  for (const [name, value] of attributes) await warn(name, value, settings.context, terminal);
  return { ...base, ...Object.fromEntries(attributes) };
}

async function readBase(option: string, terminal: Terminal): Promise<Context> {
  if (option === '-') return contextOf(await textOf(readStdin(terminal)), 'the context on stdin');
  if (!option.startsWith('@')) return contextOf(option, '`--context`');
  const path = option.slice(1);
  return contextOf(await readText(path, terminal), `\`${path}\``);
}

async function readText(path: string, { cwd }: Terminal): Promise<string> {
  try {
    return await readFile(resolve(cwd, path), 'utf8');
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    if (code === 'ENOENT') throw new Refusal('not-found', `there is no file \`${path}\``, { cause });
    throw new Refusal('unreadable', `cannot read \`${path}\` (${code})`, { cause });
  }
}

async function textOf(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return Buffer.concat(parts).toString('utf8');
}

type Declared = Readonly<Record<string, Attribute>>;

/** Later texts add to a list; of anything else there may be one. */
function attributesOf(texts: readonly string[], declared: Declared): ReadonlyMap<string, unknown> {
  const attributes = new Map<string, unknown>();
  for (const text of texts) {
    const [name, written] = splitAttribute(text);
    const value = attributeValue(name, written, declared);
    const before = attributes.get(name);
    if (before !== undefined && !(Array.isArray(before) && Array.isArray(value))) {
      throw new Refusal('invalid-argument', `the attribute \`${name}\` is given twice`);
    }
    attributes.set(name, Array.isArray(before) && Array.isArray(value) ? [...before, ...value] : value);
  }
  return attributes;
}

function splitAttribute(text: string): [name: string, value: string] {
  const equals = text.indexOf('=');
  if (equals > 0) return [text.slice(0, equals), text.slice(equals + 1)];
  throw new Refusal('invalid-argument', `\`--attr ${text}\` has no name and value`, {
    help: 'write `--attr NAME=VALUE`, for example `--attr plan=pro`',
  });
}

/** The type that the project declares decides; without one, what is JSON is read so and all else is text. */
function attributeValue(name: string, text: string, declared: Declared): unknown {
  if (name === TARGETING_KEY) return text;
  switch (Object.hasOwn(declared, name) ? declared[name]?.type : 'any') {
    case 'number':
      return numberOf(name, text);
    case 'boolean':
      return booleanOf(name, text);
    case 'list':
      return text === '' ? [] : text.split(',');
    case 'any':
      return jsonOrText(text);
    default:
      return text;
  }
}

function numberOf(name: string, text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value)) return value;
  throw new Refusal('invalid-argument', `the attribute \`${name}\` is a number, and \`${text}\` is none`);
}

function booleanOf(name: string, text: string): boolean {
  if (text === 'true' || text === 'false') return text === 'true';
  throw new Refusal('invalid-argument', `the attribute \`${name}\` is a boolean, and \`${text}\` is none`, {
    help: 'write `true` or `false`',
  });
}

/** What is JSON is read as JSON, all else is text. */
export function jsonOrText(text: string): Json {
  const parsed = parseJson(text);
  return 'value' in parsed ? parsed.value : text;
}

/** A misspelt attribute or value makes a flag decide otherwise without any error: worth a word. */
async function warn(name: string, value: unknown, declared: Declared, terminal: Terminal): Promise<void> {
  const names = Object.keys(declared);
  if (names.length === 0 || name === TARGETING_KEY) return;
  const attribute = Object.hasOwn(declared, name) ? declared[name] : undefined;
  if (attribute === undefined) {
    await note(terminal, `note: the project declares no attribute \`${name}\`${suffix(didYouMean(name, names))}`);
  } else if (attribute.enum && !attribute.enum.some((one) => one === value)) {
    const near = nearest(String(value), attribute.enum.map(String));
    const hint = near === undefined ? undefined : `did you mean \`${near}\`?`;
    await note(terminal, `note: \`${String(value)}\` is not among the values of \`${name}\`${suffix(hint)}`);
  }
}

function suffix(hint: string | undefined): string {
  return hint === undefined ? '' : `; ${hint}`;
}
