import type { Finding } from '../diagnostics/diagnostic.js';
import { stepsOf } from '../diagnostics/pointer.js';
import type { SourceFile } from '../syntax/source-file.js';
import { behavioursOf } from './behaviour.js';
import { collectComparisons, groupByOperator } from './comparisons.js';
import { PROJECT_FILE } from './kind.js';
import { collectParts } from './parts.js';
import type { Project, Written } from './project.js';
import { type Reading, type ReadingCache, readFiles } from './read-file.js';
import type {
  WrittenFlag,
  WrittenGroup,
  WrittenOverride,
  WrittenProject,
  WrittenSegment,
  WrittenTests,
} from './written.js';

/** A repository as far as it could be read. Without `flagstaff.yaml` there is nothing to hold it together. */
export interface ProjectReading {
  readonly project?: Project;
  readonly findings: readonly Finding[];
}

/**
 * Syntax and schema of every file, collected into a project. What is wrong with one file keeps
 * no other from being read; the order of `files` does not matter.
 */
export function readProject(files: readonly SourceFile[], cache?: ReadingCache): ProjectReading {
  const readings = readFiles(files, cache);
  const findings = readings.flatMap((reading) => reading.findings);
  const config = readings.find(({ kind }) => kind === 'project');
  if (config === undefined) return { findings: [...findings, MISSING_PROJECT] };
  const settings = usableSettings(config);
  if (settings === undefined) return { findings };
  return { project: collect(files, { file: config.file.path, data: settings }, readings), findings };
}

const MISSING_PROJECT: Finding = {
  code: 'reference/missing-project',
  file: PROJECT_FILE,
  pointer: '',
  message: `there is no \`${PROJECT_FILE}\``,
  help: 'add one that lists the environments, for example `environments: [development, production]`',
};

/** The settings without those that have a problem: what they have to do with is still worth checking. */
function usableSettings({ data, findings }: Reading): WrittenProject | undefined {
  if (typeof data !== 'object' || data === null) return undefined;
  const damaged = new Set(findings.map(({ pointer }) => stepsOf(pointer)[0]));
  const usable = Object.fromEntries(Object.entries(data).filter(([key]) => !damaged.has(key)));
  return Object.hasOwn(usable, 'environments') ? (usable as unknown as WrittenProject) : undefined;
}

function collect(files: readonly SourceFile[], config: Written<WrittenProject>, readings: readonly Reading[]): Project {
  const flags = byKey<WrittenFlag>(readings, 'flag');
  const segments = byKey<WrittenSegment>(readings, 'segment');
  const groups = byKey<WrittenGroup>(readings, 'group');
  const overrides = sound<WrittenOverride>(readings, 'override');
  const { parts, partsOf } = collectParts(flags.objects, overrides);
  const { environments, default_environment: first } = config.data;
  const comparisons = collectComparisons(parts, segments.objects);
  const guarded = new Set(config.data.protected);
  return {
    files,
    config,
    environments,
    protectedEnvironments: guarded,
    defaultEnvironment: first ?? (environments[0] as string),
    flags: flags.objects,
    overrides,
    segments: segments.objects,
    groups: groups.objects,
    tests: sound<WrittenTests>(readings, 'test'),
    duplicates: [...flags.duplicates, ...segments.duplicates, ...groups.duplicates],
    broken: {
      flags: brokenKeys(readings, 'flag'),
      segments: brokenKeys(readings, 'segment'),
      groups: brokenKeys(readings, 'group'),
    },
    parts,
    partsOf,
    behaviours: new Map([...partsOf].map(([key, own]) => [key, behavioursOf(own, environments, guarded)])),
    comparisons,
    comparisonsBy: groupByOperator(comparisons),
  };
}

type Kind = Reading['kind'];

/** The schema has vouched for the shape. */
function sound<T>(readings: readonly Reading[], kind: Kind): Written<T>[] {
  return readings
    .filter((reading) => reading.kind === kind && reading.findings.length === 0)
    .map(({ file, data }) => ({ file: file.path, data: data as T }));
}

interface ByKey<T> {
  readonly objects: ReadonlyMap<string, Written<T>>;
  readonly duplicates: readonly Written<T>[];
}

/** The first file that defines a key has it. */
function byKey<T extends { readonly key: string }>(readings: readonly Reading[], kind: Kind): ByKey<T> {
  const objects = new Map<string, Written<T>>();
  const duplicates: Written<T>[] = [];
  for (const written of sound<T>(readings, kind)) {
    if (objects.has(written.data.key)) duplicates.push(written);
    else objects.set(written.data.key, written);
  }
  return { objects, duplicates };
}

/** The keys that broken files would have given, by what they say and by what they are called. */
function brokenKeys(readings: readonly Reading[], kind: Kind): Set<string> {
  const broken = readings.filter((reading) => reading.kind === kind && reading.findings.length > 0);
  return new Set(broken.flatMap(({ file, data }) => [keyOfName(file.path, kind), ...keyOfData(data)]));
}

function keyOfName(path: string, kind: Kind): string {
  return path.slice(path.lastIndexOf('/') + 1, -`.${kind}.yaml`.length);
}

function keyOfData(data: unknown): string[] {
  const key: unknown = typeof data === 'object' && data !== null && 'key' in data ? data.key : undefined;
  return typeof key === 'string' ? [key] : [];
}
