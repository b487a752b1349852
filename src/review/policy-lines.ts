import { areaOf } from '../diagnostics/catalogue.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { isOff } from '../lint/severity.js';
import type { Project } from '../project/project.js';
import { summarizeTests, type TestReport } from '../spec/report.js';
import { type ImpactVerdict, impactVerdicts } from './impact-verdict.js';
import type { ReviewInput } from './rule.js';
import { reviewRules } from './rules/index.js';

/** One line of the policy and what became of it. */
export interface PolicyLine {
  /** `lint`, `tests`, a code, or `max_impact.ENVIRONMENT`. */
  readonly rule: string;
  /** null: not known. */
  readonly ok: boolean | null;
  readonly detail: string;
}

/** Everything that the change was judged by, also where it holds. */
export function policyLines(
  findings: readonly Diagnostic[],
  policy: Project | undefined,
  tests: TestReport | undefined,
  input: ReviewInput | undefined,
): PolicyLine[] {
  return [lintLine(findings), testsLine(tests), ...codeLines(findings, policy, input), ...impactLines(input)];
}

function lintLine(findings: readonly Diagnostic[]): PolicyLine {
  const own = findings.filter(({ code }) => areaOf(code) !== 'review');
  const errors = own.filter(({ severity }) => severity === 'error').length;
  return { rule: 'lint', ok: errors === 0, detail: `${counted(errors, 'error')}, ${own.length - errors} new besides` };
}

function testsLine(tests: TestReport | undefined): PolicyLine {
  if (!tests) return { rule: 'tests', ok: null, detail: 'not run, since there are errors' };
  const { passed, failed } = summarizeTests(tests);
  return { rule: 'tests', ok: failed === 0, detail: `${passed} passed, ${failed} failed` };
}

/** Whether a key was used before matters to new flags only. */
function mayHaveMissed({ delta, formerKeys }: ReviewInput): boolean {
  return formerKeys.unknown !== undefined && delta.changes.some(({ kind }) => kind === 'flag_created');
}

/** The rules about impact have their lines by environment. */
function codeLines(
  findings: readonly Diagnostic[],
  policy: Project | undefined,
  input: ReviewInput | undefined,
): PolicyLine[] {
  const codes = reviewRules.map(({ code }) => code).filter((code) => !code.startsWith('review/impact'));
  return codes.map((code) => {
    if (policy && isOff(policy, code)) return { rule: code, ok: true, detail: 'off' };
    if (!input) return { rule: code, ok: null, detail: 'not known, since nothing could be compared' };
    const count = findings.filter((finding) => finding.code === code).length;
    if (count === 0 && code === 'review/reused-key' && mayHaveMissed(input)) {
      return { rule: code, ok: null, detail: `not known: ${input.formerKeys.unknown}` };
    }
    return { rule: code, ok: count === 0, detail: count === 0 ? 'none' : counted(count, 'finding') };
  });
}

function impactLines(input: ReviewInput | undefined): PolicyLine[] {
  if (!input) return [];
  const verdicts = impactVerdicts(input);
  const limits = Object.entries(input.policy.config.data.review?.max_impact ?? {});
  return limits.map(([environment, limit]) => {
    const here = verdicts.filter(({ impact }) => impact.environment === environment);
    return { rule: `max_impact.${environment}`, ...limitLine(here, limit, input.acceptedBy) };
  });
}

function limitLine(
  verdicts: readonly ImpactVerdict[],
  limit: number,
  acceptedBy: string | undefined,
): Omit<PolicyLine, 'rule'> {
  const beyond = flagsThat(verdicts, 'beyond');
  const unknown = flagsThat(verdicts, 'unknown');
  if (beyond === '' && unknown === '') return { ok: true, detail: `nothing beyond ${limit}%` };
  const words = [
    ...(beyond === '' ? [] : [`beyond ${limit}%: ${beyond}`]),
    ...(unknown === '' ? [] : [`unknown: ${unknown}`]),
  ];
  if (acceptedBy !== undefined) return { ok: true, detail: `${words.join('; ')}; accepted by ${acceptedBy}` };
  return { ok: beyond === '' ? null : false, detail: words.join('; ') };
}

function flagsThat(verdicts: readonly ImpactVerdict[], wanted: ImpactVerdict['verdict']): string {
  return verdicts
    .filter(({ verdict }) => verdict === wanted)
    .map(({ impact }) => impact.flag)
    .join(', ');
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
