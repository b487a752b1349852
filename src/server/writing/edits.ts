import type { Json, JsonObject } from '../../model/json.js';
import type { Project } from '../../project/project.js';
import { withChanges } from '../../sources/changed-files.js';
import { amend } from '../../syntax/amend.js';
import { isObject, renderFile } from '../../syntax/render.js';
import type { SourceFile } from '../../syntax/source-file.js';
import { orderedFields } from '../../write/fields.js';
import type { FileEdit } from '../../write/writer.js';
import type { Noun } from './noun.js';
import type { Texts } from './revision.js';
import type { Standing } from './standing.js';

/** Where a file's data stand in the document: an override file's under `environments`. */
type Places = ReadonlyMap<string, readonly string[]>;

/** What the files of an object are to say, and where it stands in the document. */
export interface Layout {
  /** By path. `undefined`: the file goes. */
  readonly contents: ReadonlyMap<string, JsonObject | undefined>;
  readonly places: Places;
}

export interface NewPlace {
  readonly noun: Noun;
  readonly key: string;
  /** Relative to the flag repository; `''` is its top. */
  readonly directory: string;
}

/** The file that a new object comes to stand in. */
export function newPath({ noun, key, directory }: NewPlace): string {
  return `${directory === '' ? '' : `${directory}/`}${key}.${noun}.yaml`;
}

/**
 * Which file says what. An environment's part stays where it stands; a new one stands in the flag's file, that of a
 * protected environment in a file beside it.
 */
export function layOut(project: Project, path: string, document: JsonObject, standing?: Standing): Layout {
  const overrides = new Map([...(standing?.overrides ?? [])].map(([environment, file]) => [environment, file.path]));
  const contents = new Map<string, JsonObject | undefined>();
  const places = new Map<string, readonly string[]>([[path, []]]);
  const inside: [string, JsonObject][] = [];
  for (const path of overrides.values()) contents.set(path, undefined);
  for (const [environment, part] of Object.entries(partsOf(document))) {
    const own = overrides.get(environment) ?? overridePath(project, path, document.key as string, environment);
    if (own === undefined) inside.push([environment, orderedFields(part)]);
    else {
      contents.set(own, { flag: document.key as string, environment, ...orderedFields(part) });
      places.set(own, ['environments', environment]);
    }
  }
  const wasEmpty = standing?.document !== undefined && isEmpty(standing.document.environments);
  contents.set(path, orderedFields(withParts(document, inside, wasEmpty)));
  return { contents, places };
}

/** The document that a layout makes: what is read back once it is written. */
export function documentIn({ contents, places }: Layout): JsonObject {
  let [document, parts]: [JsonObject, JsonObject] = [{}, {}];
  for (const [path, [, environment]] of places) {
    const { flag: _, environment: __, ...part } = contents.get(path) ?? {};
    if (environment === undefined) document = contents.get(path) ?? {};
    else parts = { ...parts, [environment]: part };
  }
  if (Object.keys(parts).length === 0) return document;
  return { ...document, environments: { ...(document.environments as JsonObject), ...parts } };
}

function isEmpty(value: Json | undefined): boolean {
  return value !== undefined && isObject(value) && Object.keys(value).length === 0;
}

function partsOf({ environments }: JsonObject): Readonly<Record<string, JsonObject>> {
  return environments !== undefined && isObject(environments) ? (environments as Record<string, JsonObject>) : {};
}

/** An empty `environments` goes, unless it was there before. */
function withParts(
  { environments, ...rest }: JsonObject,
  parts: readonly [string, JsonObject][],
  wasEmpty: boolean,
): JsonObject {
  if (environments === undefined || (parts.length === 0 && !wasEmpty)) return rest;
  return { ...rest, environments: Object.fromEntries(parts) };
}

/** A new file for a protected environment. */
function overridePath(project: Project, path: string, key: string, environment: string): string | undefined {
  if (!project.protectedEnvironments.has(environment)) return undefined;
  return `${path.slice(0, path.lastIndexOf('/') + 1)}${key}.${environment}.override.yaml`;
}

/**
 * The texts of a layout. What a file has said before is amended: comments, order and quoting stay.
 * @param broken the path of a file that cannot be read, and so is written anew
 * @throws Refusal when a file is written in a way that cannot be amended
 */
export function editsOf({ contents }: Layout, files: readonly SourceFile[], broken?: string): FileEdit[] {
  return [...contents].flatMap(([path, data]): FileEdit[] => {
    const before = files.find((file) => file.path === path)?.text;
    const after = data === undefined ? undefined : textOf(path === broken ? undefined : before, data);
    if (after === before) return [];
    return [{ path, ...(before !== undefined && { before }), ...(after !== undefined && { after }) }];
  });
}

function textOf(before: string | undefined, data: JsonObject): string {
  return before === undefined ? renderFile(data) : amend(before, data);
}

/** The files as they are after these edits; as sorted as they were. */
export function edited(files: readonly SourceFile[], edits: readonly FileEdit[]): SourceFile[] {
  const changes = edits.map(({ path, after }) => {
    return [path, after === undefined ? undefined : { path, text: after }] as const;
  });
  return withChanges(files, new Map(changes));
}

/** The texts that an object has after these edits. */
export function textsAfter({ contents }: Layout, files: readonly SourceFile[], edits: readonly FileEdit[]): Texts {
  const after = edited(files, edits);
  return new Map(
    [...contents.keys()].flatMap((path) => {
      const file = after.find((one) => one.path === path);
      return file === undefined ? [] : [[path, file.text] as const];
    }),
  );
}
