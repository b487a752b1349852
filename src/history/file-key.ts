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
