import type { Diagnostic, Finding } from '../diagnostics/diagnostic.js';
import type { Snapshot } from '../model/snapshot.js';
import type { SourceFile } from '../syntax/source-file.js';
import { judge } from './judge.js';
import { kindOf } from './kind.js';
import type { Project } from './project.js';
import type { ReadingCache } from './read-file.js';
import { type ProjectReading, readProject } from './read-project.js';
import { toSnapshot } from './snapshot.js';
import { toDiagnostics } from './to-diagnostics.js';

export interface Compilation {
  /** There as soon as `flagstaff.yaml` is. */
  readonly project?: Project;
  /** There when nothing keeps the repository from being served. */
  readonly snapshot?: Snapshot;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Files to a snapshot, or to what keeps them from being one. Pure; never throws.
 * A broken test keeps no flag from being served: `*.test.yaml` are left to `check`.
 *
 * @param cache what was read of files whose text has not changed since is taken from it
 */
export function compile(files: readonly SourceFile[], cache?: ReadingCache): Compilation {
  return atOnce(
    compileInStages(
      files.filter(({ path }) => kindOf(path) !== 'test'),
      cache,
    ),
  );
}

/** Everything that the gate says about a repository, its tests included. */
export function check(files: readonly SourceFile[], cache?: ReadingCache): Checked {
  return judged(readProject(files, cache));
}

export interface Checked {
  readonly project?: Project;
  readonly findings: readonly Finding[];
}

/**
 * Both, for those who have other things to do as well: between two stages they may turn to them. What is wrong with
 * tests is told of those that are among the files.
 */
export function* compileInStages(
  files: readonly SourceFile[],
  cache?: ReadingCache,
): Generator<undefined, Compilation & { readonly checked: Checked }> {
  const reading = readProject(files, cache);
  yield;
  const checked = judged(reading);
  yield;
  const { project, findings } = checked;
  const diagnostics = toDiagnostics(findings, files);
  if (project === undefined) return { checked, diagnostics };
  const isServable = findings.every(({ file }) => kindOf(file) === 'test');
  return { checked, diagnostics, project, ...(isServable && { snapshot: toSnapshot(project) }) };
}

/** All stages, one after the other. */
export function atOnce<T>(stages: Generator<undefined, T>): T {
  for (;;) {
    const { done, value } = stages.next();
    if (done === true) return value;
  }
}

function judged({ project, findings }: ProjectReading): Checked {
  return project === undefined ? { findings } : { project, findings: [...findings, ...judge(project)] };
}
