import type { Flag } from '../../src/model/flag.js';
import type { Snapshot } from '../../src/model/snapshot.js';
import { check } from '../../src/project/compile.js';
import type { Project } from '../../src/project/project.js';
import { toSnapshot } from '../../src/project/snapshot.js';
import type { CaseResult } from '../../src/spec/case.js';
import { planCases } from '../../src/spec/plan.js';
import { runCases } from '../../src/spec/run.js';

export interface Specification {
  readonly project: Project;
  readonly snapshot: Snapshot;
}

/** A flag repository from the texts of its files; it has to pass the gate. */
export function specification(texts: Readonly<Record<string, string>>): Specification {
  const files = Object.entries({ 'flagstaff.yaml': 'environments: [development, production]\n', ...texts });
  const { project, findings } = check(files.map(([path, text]) => ({ path, text })));
  if (!project || findings.length > 0) throw new Error(JSON.stringify(findings, null, 2));
  return { project, snapshot: toSnapshot(project) };
}

export function runAll({ project, snapshot }: Specification, now?: number): CaseResult[] {
  return runCases(snapshot, planCases(project), now);
}

export function flagOf({ snapshot }: Specification, key: string, environment = 'development'): Flag {
  const flag = snapshot.definitions.get(environment)?.flags.find((one) => one.key === key);
  if (!flag) throw new Error(`no flag ${key}`);
  return flag;
}
