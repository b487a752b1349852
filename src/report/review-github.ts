import { summarize } from '../diagnostics/report.js';
import type { Review } from '../review/review.js';
import type { CaseResult } from '../spec/case.js';
import { diagnosticsGithub, workflowCommand } from './diagnostics-github.js';
import type { ShownPath } from './diagnostics-json.js';
import { reviewWords } from './review-words.js';

/** One workflow command for each finding and each failed test, and one for the verdict. */
export function reviewGithub(review: Review, shownPath: ShownPath): string {
  const { findings, tests, verdict } = review;
  const failed = (tests?.results ?? []).filter(({ ok }) => !ok);
  return [
    diagnosticsGithub({ diagnostics: findings, summary: summarize(findings, 0) }, shownPath),
    ...failed.map((result) => `${testCommand(result, shownPath)}\n`),
    `${workflowCommand(verdict === 'pass' ? 'notice' : 'error', { title: `flagstaff review: ${verdict}` }, reviewWords(review))}\n`,
  ].join('');
}

function testCommand({ file, name, problem, expected, actual }: CaseResult, shownPath: ShownPath): string {
  const why = problem ?? `expected ${JSON.stringify(expected)}, got ${JSON.stringify(actual)}`;
  return workflowCommand('error', { file: shownPath(file), title: `flag test: ${name}` }, why);
}
