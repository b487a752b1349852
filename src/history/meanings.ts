import type { Snapshot } from '../model/snapshot.js';
import type { Reading, ReadingCache } from '../project/read-file.js';
import { type ProjectReading, readProject } from '../project/read-project.js';
import { toSnapshot } from '../project/snapshot.js';
import type { Repository } from '../sources/git.js';
import type { SourceFile } from '../syntax/source-file.js';
import type { FileTable } from './file-table.js';
import { type ObjectId, PROJECT_ID } from './object-id.js';
import { type Objects, objectsOf } from './objects.js';
import { inSlices } from './slices.js';

/** How many objects are compiled in one go. */
const AT_A_TIME = 50;

/** A file that says nothing, since something is wrong with it. */
export interface InvalidFile {
  /** Relative to the flags directory. */
  readonly file: string;
  readonly code: string;
  readonly message: string;
}

/** What some objects meant at one commit: only they, and what their meaning needs. */
export interface Meaning {
  /** Without references: that a segment or a prerequisite exists is not asked here. */
  readonly objects: Objects | undefined;
  /** For each of the objects, what is wrong with its files; one that is not here is sound, or does not exist. */
  readonly invalid: ReadonlyMap<ObjectId, InvalidFile>;
}

/** A snapshot of some objects, without what else there is. */
export interface PartialSnapshot extends Pick<Meaning, 'invalid'> {
  readonly snapshot: Snapshot | undefined;
}

/** Compiles the objects that a history is about, and no others. A blob that stays is parsed once. */
export class Meanings {
  readonly #repository: Repository;
  readonly #readings: ReadingCache;
  /** `flagstaff.yaml` as it was last sound on the way back, for commits where it is not, or not yet there. */
  #project: SourceFile | undefined;

  /** @param readings files that were read already, by their paths in the flags directory */
  constructor(repository: Repository, readings: ReadingCache = new Map()) {
    this.#repository = repository;
    this.#readings = new Map(readings);
  }

  /** What the objects mean now in `table`. */
  async of(table: FileTable, ids: ReadonlySet<ObjectId>): Promise<Meaning> {
    if (ids.size <= AT_A_TIME) return this.#fewOf(table, ids);
    const parts: Meaning[] = [];
    for await (const some of inSlices(ids, AT_A_TIME)) parts.push(await this.#fewOf(table, new Set(some)));
    return together(parts);
  }

  async #fewOf(table: FileTable, ids: ReadonlySet<ObjectId>): Promise<Meaning> {
    const { snapshot, invalid } = await this.snapshotOf(table, ids);
    return { objects: snapshot && objectsOf(snapshot), invalid };
  }

  /** The objects as a snapshot that holds no others. */
  async snapshotOf(table: FileTable, ids: ReadonlySet<ObjectId>): Promise<PartialSnapshot> {
    const paths = [...ids].flatMap((id) => table.pathsOf(id)).filter((path) => table.kindOf(path) !== 'project');
    const groups = hasFlags(ids) ? table.groups : [];
    const files = await this.#read(table, [...new Set([...paths, ...groups])]);
    const written = await this.#projectFile(table);
    const { project, findings } = this.#readProject([...written.files, ...files]);
    const problems = [...written.problems, ...findings];
    const invalid = [...ids].flatMap((id) => invalidEntry(table, id, problems, project === undefined));
    return { snapshot: project && toSnapshot(project), invalid: new Map(invalid) };
  }

  /** A reading is kept for the next revision, whether or not the objects of the next call need its file. */
  #readProject(files: readonly SourceFile[]): ProjectReading {
    const known = files.flatMap(({ path }): [string, Reading][] => {
      const reading = this.#readings.get(path);
      return reading === undefined ? [] : [[path, reading]];
    });
    const cache: ReadingCache = new Map(known);
    const project = readProject(files, cache);
    for (const [path, reading] of cache) this.#readings.set(path, reading);
    return project;
  }

  #read(table: FileTable, paths: readonly string[]): Promise<SourceFile[]> {
    return Promise.all(
      paths.map(async (path) => {
        const text = await this.#repository.readBlob(table.oidOf(path) ?? '');
        return { path: path.slice(table.prefix.length), ...text };
      }),
    );
  }

  /** `flagstaff.yaml` as it is, or else as it was last known; and what is wrong with it as it is. */
  async #projectFile(table: FileTable): Promise<{ files: SourceFile[]; problems: Problem[] }> {
    const [now] = await this.#read(table, table.pathsOf(PROJECT_ID));
    const problems = now === undefined ? [] : this.#readProject([now]).findings;
    if (now !== undefined && problems.length === 0) this.#project = now;
    const used = this.#project ?? now;
    return { files: used === undefined ? [] : [used], problems: [...problems] };
  }
}

/** What an object means depends on no other, but on groups and settings, which come with each. */
function together(parts: readonly Meaning[]): Meaning {
  const objects = parts.flatMap((part) => part.objects ?? []);
  const [first] = objects;
  return {
    objects: first && {
      settings: first.settings,
      flags: new Map(objects.flatMap(({ flags }) => [...flags])),
      segments: new Map(objects.flatMap(({ segments }) => [...segments])),
      groups: new Map(objects.flatMap(({ groups }) => [...groups])),
    },
    invalid: new Map(parts.flatMap(({ invalid }) => [...invalid])),
  };
}

type Problem = InvalidFile;

function hasFlags(ids: ReadonlySet<ObjectId>): boolean {
  return [...ids].some((id) => id.startsWith('flag:'));
}

function invalidEntry(
  table: FileTable,
  id: ObjectId,
  problems: readonly Problem[],
  noProject: boolean,
): [ObjectId, InvalidFile][] {
  const files = new Set(table.pathsOf(id).map((path) => path.slice(table.prefix.length)));
  const problem = problems.find(({ file }) => files.has(file)) ?? (noProject ? problems[0] : undefined);
  if (problem === undefined) return [];
  return [[id, { file: problem.file, code: problem.code, message: problem.message }]];
}
