import type { Json, JsonObject } from '../../model/json.js';
import type { Project } from '../../project/project.js';
import { parseYaml } from '../../syntax/parse-yaml.js';
import type { SourceFile } from '../../syntax/source-file.js';
import type { Noun } from './noun.js';

/** A flag, segment or group as it stands in the files. */
export interface Standing {
  readonly noun: Noun;
  readonly key: string;
  /** The file that defines it. */
  readonly file: SourceFile;
  /** Of a flag: the files of environments that have one of their own. */
  readonly overrides: ReadonlyMap<string, SourceFile>;
  /** As its file says it, and what its other files say under `environments`. `undefined`: its file has a problem. */
  readonly document: JsonObject | undefined;
}

/** `undefined`: there is no such thing. */
export function standingOf(project: Project, noun: Noun, key: string): Standing | undefined {
  const written = tableOf(project, noun).get(key);
  const file = written === undefined ? brokenFile(project, noun, key) : fileAt(project, written.file);
  if (file === undefined) return undefined;
  const overrides = noun === 'flag' ? overridesOf(project, key) : new Map<string, SourceFile>();
  const own = written?.data as unknown as JsonObject | undefined;
  return { noun, key, file, overrides, document: own && withOverrides(own, project, key, noun) };
}

/** Every flag, segment or group that could be read, by key. */
export function tableOf(project: Project, noun: Noun): Project['flags' | 'segments' | 'groups'] {
  return project[`${noun}s`];
}

/** The file of something that is there and cannot be read, by its name or by the key in it. */
function brokenFile({ files, broken }: Project, noun: Noun, key: string): SourceFile | undefined {
  if (!broken[`${noun}s`].has(key)) return undefined;
  const candidates = files.filter(({ path }) => path.endsWith(`.${noun}.yaml`));
  const named = candidates.find(({ path }) => path.slice(path.lastIndexOf('/') + 1) === `${key}.${noun}.yaml`);
  return named ?? candidates.find((file) => keyIn(parseYaml(file).data) === key);
}

function keyIn(data: Json | undefined): unknown {
  return typeof data === 'object' && data !== null ? (data as JsonObject).key : undefined;
}

function fileAt({ files }: Project, path: string): SourceFile | undefined {
  return files.find((file) => file.path === path);
}

function overridesOf(project: Project, key: string): Map<string, SourceFile> {
  const found = new Map<string, SourceFile>();
  for (const { file, data } of project.overrides) {
    const source = data.flag === key ? fileAt(project, file) : undefined;
    if (source !== undefined) found.set(data.environment, source);
  }
  return found;
}

function withOverrides(own: JsonObject, { overrides }: Project, key: string, noun: Noun): JsonObject {
  const parts = noun === 'flag' ? overrides.filter(({ data }) => data.flag === key) : [];
  if (parts.length === 0) return own;
  const entries = parts.map(({ data: { flag: _, environment, ...part } }) => [environment, part] as const);
  return {
    ...own,
    environments: { ...(own.environments as JsonObject), ...Object.fromEntries(entries) } as JsonObject,
  };
}
