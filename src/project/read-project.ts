import type { Finding } from '../diagnostics/diagnostic.js';
import { stepsOf } from '../diagnostics/pointer.js';
import type { SourceFile } from '../syntax/source-file.js';
import { behavioursOf } from './behaviour.js';
import { PROJECT_FILE } from './kind.js';
import { Memo } from './memo.js';
import type { FlagSubject, Part, Project, Subject, Written } from './project.js';
import { type Reading, type ReadingCache, readFiles } from './read-file.js';
import {
  subjectOfGroup,
  subjectOfSegment,
  subjectOfSettings,
  subjectOfStray,
  subjectOfTests,
  subjectsOfFlags,
} from './subjects.js';
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
  return settings === undefined ? { findings } : { project: collect(files, settings, readings), findings };
}

const MISSING_PROJECT: Finding = {
  code: 'reference/missing-project',
  file: PROJECT_FILE,
  pointer: '',
  message: `there is no \`${PROJECT_FILE}\``,
  help: 'add one that lists the environments, for example `environments: [development, production]`',
};

const writings = new Memo<Reading, Written<unknown>>();

/** The settings without those that have a problem: what they have to do with is still worth checking. */
function usableSettings(reading: Reading): Written<WrittenProject> | undefined {
  const { file, data, findings } = reading;
  if (typeof data !== 'object' || data === null) return undefined;
  const damaged = new Set(findings.map(({ pointer }) => stepsOf(pointer)[0]));
  const usable = Object.fromEntries(Object.entries(data).filter(([key]) => !damaged.has(key)));
  if (!Object.hasOwn(usable, 'environments')) return undefined;
  const known = writings.recall(reading) ?? writings.keep(reading, [], { file: file.path, data: usable });
  return known as Written<WrittenProject>;
}

function collect(files: readonly SourceFile[], config: Written<WrittenProject>, readings: readonly Reading[]): Project {
  const flags = byKey<WrittenFlag>(readings, 'flag');
  const segments = byKey<WrittenSegment>(readings, 'segment');
  const groups = byKey<WrittenGroup>(readings, 'group');
  const overrides = sound<WrittenOverride>(readings, 'override');
  const tests = sound<WrittenTests>(readings, 'test');
  const ofFlags = subjectsOfFlags(flags.objects, overrides);
  const subjects = [
    subjectOfSettings(config),
    ...ofFlags,
    ...Array.from(segments.objects.values(), subjectOfSegment),
    ...Array.from(groups.objects.values(), subjectOfGroup),
    ...overrides.filter(({ data }) => !flags.objects.has(data.flag)).map(subjectOfStray),
    ...tests.map(subjectOfTests),
  ];
  const { environments, default_environment: first } = config.data;
  const derived = derivedFrom(config, ofFlags, subjects);
  return {
    files,
    config,
    environments,
    protectedEnvironments: new Set(config.data.protected),
    defaultEnvironment: first ?? (environments[0] as string),
    flags: flags.objects,
    overrides,
    segments: segments.objects,
    groups: groups.objects,
    tests,
    duplicates: [...flags.duplicates, ...segments.duplicates, ...groups.duplicates],
    broken: {
      flags: brokenKeys(readings, 'flag'),
      segments: brokenKeys(readings, 'segment'),
      groups: brokenKeys(readings, 'group'),
    },
    subjects,
    get parts() {
      return derived.parts();
    },
    get partsOf() {
      return derived.partsOf();
    },
    get behaviours() {
      return derived.behaviours();
    },
    get comparisons() {
      return derived.comparisons();
    },
  };
}

/** What can be had from the subjects, once somebody wants it: whoever compiles after a small change does not. */
function derivedFrom(config: Written<WrittenProject>, flags: readonly FlagSubject[], subjects: readonly Subject[]) {
  return {
    parts: lazily((): readonly Part[] => flags.flatMap(({ parts }) => parts)),
    partsOf: lazily(() => new Map(flags.map(({ flag, parts }) => [flag.data.key, parts]))),
    behaviours: lazily(() => new Map(flags.map((subject) => [subject.flag.data.key, behavioursOf(subject, config)]))),
    comparisons: lazily(() => subjects.flatMap(({ comparisons }) => comparisons)),
  };
}

function lazily<T extends object>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

type Kind = Reading['kind'];

/** The schema has vouched for the shape. */
function sound<T>(readings: readonly Reading[], kind: Kind): Written<T>[] {
  return readings
    .filter((reading) => reading.kind === kind && reading.findings.length === 0)
    .map((reading) => writingOf(reading) as Written<T>);
}

function writingOf(reading: Reading): Written<unknown> {
  const { file, data } = reading;
  return writings.recall(reading) ?? writings.keep(reading, [], { file: file.path, data });
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
