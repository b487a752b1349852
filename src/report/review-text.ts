import type { ChalkInstance } from 'chalk';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { Review } from '../review/review.js';
import { changesText } from './changes-text.js';
import type { ShownPath } from './diagnostics-json.js';
import { palette } from './palette.js';
import { printable } from './printable.js';
import { lifecycleWords, reviewWords, stateOf } from './review-words.js';
import { testsText } from './tests-text.js';

export interface ReviewTextOptions {
  readonly shownPath: ShownPath;
  readonly colour: boolean;
}

/** A review for a person at a terminal: the verdict, the findings, failed tests, the changes, the policy. */
export function reviewText(review: Review, options: ReviewTextOptions): string {
  const paint = palette(options.colour);
  const { verdict, findings, delta, tests, policy, lifecycle } = review;
  const head = `${verdict === 'pass' ? paint.green('pass') : paint.red('fail')}  ${reviewWords(review)}\n`;
  const told = findings.map((finding) => findingLines(finding, options.shownPath, paint).join('')).join('');
  const failed = tests?.results.some(({ ok }) => !ok) ? testsText(tests, options) : '';
  const lines = policy.map((line) => {
    const state = { ok: paint.green('ok     '), broken: paint.red('broken '), unknown: paint.yellow('unknown') }[
      stateOf(line)
    ];
    return `${state}  ${printable(line.rule)}: ${printable(line.detail)}\n`;
  });
  const ageing = (lifecycle === undefined ? [] : lifecycleWords(lifecycle)).map((words) => {
    return `${paint.dim('lifecycle')}  ${printable(words)}\n`;
  });
  return [head, told, failed, delta ? changesText(delta, options) : '', ageing.join(''), lines.join('')]
    .filter((part) => part !== '')
    .join('\n');
}

function findingLines(finding: Diagnostic, shownPath: ShownPath, paint: ChalkInstance): string[] {
  const { severity, code, file, range, message, help } = finding;
  const colour = { error: paint.red, warning: paint.yellow, info: paint.blue }[severity];
  return [
    `${paint.bold(`${printable(shownPath(file))}:${range.start.line}:${range.start.column}`)}  ${colour(severity)}  ${paint.dim(code)}\n`,
    `  ${printable(message)}\n`,
    ...(help === undefined ? [] : [`  ${paint.cyan('help')}: ${printable(help)}\n`]),
  ];
}
