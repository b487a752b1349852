import type { Diagnostic, Severity } from '../diagnostics/diagnostic.js';
import { type Delta, deltaOf } from '../diff/delta.js';
import { flagVersions } from '../diff/diff.js';
import type { ImpactOptions } from '../diff/impact.js';
import { isOff, severityIn } from '../lint/severity.js';
import { check } from '../project/compile.js';
import { kindOf, PROJECT_FILE } from '../project/kind.js';
import type { Project } from '../project/project.js';
import type { ReadingCache } from '../project/read-file.js';
import { toSnapshot } from '../project/snapshot.js';
import { toDiagnostics } from '../project/to-diagnostics.js';
import { planCases } from '../spec/plan.js';
import type { TestReport } from '../spec/report.js';
import { runCases } from '../spec/run.js';
import type { SourceFile } from '../syntax/source-file.js';
import { type LifecycleSummary, lifecycleSummary } from './lifecycle.js';
import { type CheckedFiles, lintFindings, protectionFindings } from './lint-findings.js';
import { type PolicyLine, policyLines } from './policy-lines.js';
import type { FormerKeys, ReviewInput, ReviewSide } from './rule.js';
import { reviewRules } from './rules/index.js';

export interface ReviewOptions {
  /** The files whose policy counts: the newest of the branch that the change is for. */
  readonly base: readonly SourceFile[];
  /** The files that the change began with, and what that is called. */
  readonly before: { readonly name: string; readonly files: readonly SourceFile[] };
  readonly after: { readonly name: string; readonly files: readonly SourceFile[] };
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Who takes responsibility for a great impact. */
  readonly acceptedBy?: string;
  readonly contexts?: ImpactOptions['contexts'];
  /** Not known, if left out. */
  readonly formerKeys?: FormerKeys;
  /** What has been read of these files before. */
  readonly cache?: ReadingCache;
}

/** What there is to say about a proposed change. */
export interface Review {
  readonly verdict: 'pass' | 'fail';
  /** The severe first. */
  readonly findings: readonly Diagnostic[];
  readonly policy: readonly PolicyLine[];
  /** Left out when a side cannot be served. */
  readonly delta?: Delta;
  /** Left out when what was changed cannot be served. */
  readonly tests?: TestReport;
  /** Left out when nothing could be compared. */
  readonly lifecycle?: LifecycleSummary;
}

/** Lints, tests and compares a change, and judges it by the policy of its base. Pure; never throws. */
export function review(options: ReviewOptions): Review {
  const { after } = options;
  const cache = options.cache ?? new Map();
  const before = checkedOf(filesOrEmpty(options.before.files, after.files), cache);
  const proposed = checkedOf(after.files, cache);
  const base = filesOrEmpty(options.base, after.files);
  const newest = base === before.files ? before : checkedOf(base, cache);
  const policy = newest.checked.project ?? before.checked.project;
  const told = lintFindings(before, proposed, policy, options.now);
  const current = sideOf(proposed);
  if (!current) return conclude({ findings: told, policy });
  const tests: TestReport = { results: runCases(current.snapshot, planCases(current.project), undefined) };
  const guarded = policy ? protectionFindings(current.project, policy) : [];
  const old = sideOf(before);
  if (!old || !policy)
    return conclude({ findings: [...told, ...guarded, brokenBase(current.project, policy)], policy, tests });
  const input = inputOf(old, current, policy, options);
  const known = reviewFindings(input);
  return conclude({ findings: [...told, ...guarded, ...known], policy, tests, input });
}

/** A base without any flags is one that holds the project and nothing else. */
function filesOrEmpty(files: readonly SourceFile[], after: readonly SourceFile[]): readonly SourceFile[] {
  if (files.some(({ path }) => kindOf(path) !== undefined)) return files;
  return after.filter(({ path }) => path === PROJECT_FILE);
}

function checkedOf(files: readonly SourceFile[], cache: ReadingCache): CheckedFiles {
  return { files, checked: check(files, cache) };
}

function sideOf({ checked: { project, findings } }: CheckedFiles): ReviewSide | undefined {
  if (!project || findings.length > 0) return undefined;
  const snapshot = toSnapshot(project);
  return { project, snapshot, flags: flagVersions(snapshot) };
}

function inputOf(before: ReviewSide, after: ReviewSide, policy: Project, options: ReviewOptions): ReviewInput {
  const { now, contexts } = options;
  const delta = deltaOf(before.snapshot, after.snapshot, {
    from: options.before.name,
    to: options.after.name,
    now,
    impact: contexts ? { contexts } : {},
  });
  const { acceptedBy, formerKeys = { commits: new Map(), unknown: 'there is no history' } } = options;
  return { before, after, policy, delta, formerKeys, acceptedBy, now };
}

function reviewFindings(input: ReviewInput): Diagnostic[] {
  const { before, after, policy } = input;
  const findings = reviewRules
    .filter(({ code }) => !isOff(policy, code))
    .flatMap(({ code, check: rule }) => Array.from(rule(input), (found) => ({ code, ...found })));
  const of = (side: 'before' | undefined) => findings.filter((found) => found.side === side);
  return [
    ...toDiagnostics(of(undefined), after.project.files, (code) => severityIn(policy, code)),
    ...toDiagnostics(of('before'), before.project.files, (code) => severityIn(policy, code)),
  ];
}

function brokenBase(after: Project, policy: Project | undefined): Diagnostic {
  const finding = {
    code: 'review/broken-base',
    file: PROJECT_FILE,
    pointer: '',
    message: 'the base cannot be served, so nothing could be compared with it',
    help: '`flagstaff lint` on the base tells why; review again when it is mended',
  } as const;
  const [diagnostic] = toDiagnostics([finding], after.files, (code) => severityIn(policy ?? after, code));
  return diagnostic as Diagnostic;
}

interface Findings {
  readonly findings: readonly Diagnostic[];
  readonly policy: Project | undefined;
  readonly tests?: TestReport;
  readonly input?: ReviewInput;
}

function conclude({ findings, policy, tests, input }: Findings): Review {
  const failed = findings.some(({ severity }) => severity === 'error') || tests?.results.some(({ ok }) => !ok) === true;
  return {
    verdict: failed ? 'fail' : 'pass',
    findings: [...findings].sort((a, b) => WEIGHT[b.severity] - WEIGHT[a.severity]),
    policy: policyLines(findings, policy, tests, input),
    ...(input ? { delta: input.delta, lifecycle: lifecycleSummary(input) } : {}),
    ...(tests ? { tests } : {}),
  };
}

const WEIGHT: Readonly<Record<Severity, number>> = { error: 2, warning: 1, info: 0 };
