import type { Finding } from '../diagnostics/diagnostic.js';
import { checkSchema } from '../schema/check-schema.js';
import { parseYaml } from '../syntax/parse-yaml.js';
import type { SourceFile } from '../syntax/source-file.js';
import { type FileKind, kindOf } from './kind.js';

/** One file: what it holds, and what is wrong with it by itself. */
export interface Reading {
  readonly file: SourceFile;
  readonly kind: FileKind;
  /** `undefined` if the file is no YAML that the format admits. */
  readonly data: unknown;
  readonly findings: readonly Finding[];
}

/** Readings by path, for those who compile again and again: a file whose text is the same is not read twice. */
export type ReadingCache = Map<string, Reading>;

/** Reads the files that belong to a flag repository, in the order of their paths; others are passed over. */
export function readFiles(files: readonly SourceFile[], cache: ReadingCache = new Map()): Reading[] {
  const readings = sortedByPath(files).flatMap((file) => readFile(file, cache) ?? []);
  if (cache.size > readings.length) forget(cache, new Set(files.map(({ path }) => path)));
  return readings;
}

function forget(cache: ReadingCache, kept: ReadonlySet<string>): void {
  for (const path of cache.keys()) if (!kept.has(path)) cache.delete(path);
}

function readFile(file: SourceFile, cache: ReadingCache): Reading | undefined {
  const known = cache.get(file.path);
  if (known !== undefined && known.file.text === file.text && known.file.problem === file.problem) return known;
  const kind = kindOf(file.path);
  if (kind === undefined) return undefined;
  const reading = parseAndCheck(file, kind);
  cache.set(file.path, reading);
  return reading;
}

function parseAndCheck(file: SourceFile, kind: FileKind): Reading {
  const { data, findings } = parseYaml(file);
  return { file, kind, data, findings: data === undefined ? findings : checkSchema(kind, file, data) };
}

function sortedByPath(files: readonly SourceFile[]): SourceFile[] {
  return [...files].sort((a, b) => (a.path < b.path ? -1 : 1));
}
