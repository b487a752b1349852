import type { FileKind } from '../project/kind.js';
import { parseYaml } from '../syntax/parse-yaml.js';
import type { SourceFile } from '../syntax/source-file.js';

/** A line at the margin that gives `key` or `flag` a plain or quoted scalar. */
const ENTRY = /^(key|flag):[ \t]+(?:"([^"\\\n]*)"|'([^'\n]*)'|([^\s#'"&*!|>{}[\]%@`,][^\s#]*))[ \t\r]*(?:[ \t]#.*)?$/gm;

/**
 * The key that a file speaks of. It is read off its one line where that is plain to see, since whole histories are
 * asked; else the file is parsed; and where that fails, its name has to do.
 */
export function keyOfFile(file: SourceFile, kind: FileKind): string {
  const field = kind === 'override' ? 'flag' : 'key';
  const entries = [...file.text.matchAll(ENTRY)].filter(([, name]) => name === field);
  const [entry] = entries;
  if (entry !== undefined && entries.length === 1) return entry[2] ?? entry[3] ?? entry[4] ?? '';
  return keyInData(parseYaml(file).data, field) ?? keyOfName(file.path, kind);
}

/**
 * Does a text speak of a key, or give it a slot, whatever the name of its file is? Flag tests do neither. Where this
 * is not plain to see the answer is yes.
 */
export function mayConcern(text: string, key: string): boolean {
  const file = { path: '', text };
  if (keyOfFile(file, 'flag') === key) return true;
  if (keyOfFile(file, 'override') === key) return !/^cases[ \t]*:/m.test(text);
  return text.includes('slots') && mayGiveSlot(file, key);
}

function mayGiveSlot(file: SourceFile, key: string): boolean {
  const { data } = parseYaml(file);
  if (typeof data !== 'object' || data === null || !('slots' in data) || !Array.isArray(data.slots)) return true;
  return data.slots.some((slot: unknown) => keyInData(slot, 'flag') === key);
}

function keyInData(data: unknown, field: string): string | undefined {
  if (typeof data !== 'object' || data === null || !Object.hasOwn(data, field)) return undefined;
  const key = (data as Readonly<Record<string, unknown>>)[field];
  return typeof key === 'string' ? key : undefined;
}

/** `a/checkout.flag.yaml`: `checkout`; `checkout.production.override.yaml`: `checkout`. */
function keyOfName(path: string, kind: FileKind): string {
  const name = path.slice(path.lastIndexOf('/') + 1).replace(/\.[a-z]+\.yaml$/, '');
  return kind === 'override' ? name.replace(/\.[^.]*$/, '') : name;
}
