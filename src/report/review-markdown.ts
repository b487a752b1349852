import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { outline } from '../diff/outline.js';
import type { PolicyLine } from '../review/policy-lines.js';
import type { Review } from '../review/review.js';
import type { CaseResult } from '../spec/case.js';
import { changesBody } from './changes-markdown.js';
import { codeCell, codeSpan, plainMarkdown } from './code-span.js';
import type { ShownPath } from './diagnostics-json.js';
import { lifecycleWords, reviewWords, stateOf } from './review-words.js';

/** By this line a comment of an earlier review is known again. */
const REVIEW_MARK = '<!-- flagstaff-review -->';

/** A comment on GitHub holds 65,536 characters; what is left out is told. */
const LONGEST = 60_000;

/** The objects that are shown before the rest is folded. */
const SHOWN = 8;
const FINDINGS_SHOWN = 25;

/** A review as Markdown, fit for a comment on a pull request: short, the risky first, details folded. */
export function reviewMarkdown(review: Review, shownPath: ShownPath): string {
  const { verdict, findings, policy, tests } = review;
  const sign = verdict === 'pass' ? ':white_check_mark: pass' : ':x: fail';
  const parts = [
    `${REVIEW_MARK}\n### Flagstaff review: ${sign}\n\n${reviewWords(review)}\n`,
    findingsPart(findings, shownPath),
    testsPart((tests?.results ?? []).filter(({ ok }) => !ok)),
    ...changeParts(review),
    lifecyclePart(review),
    policyPart(policy),
  ];
  return trimmed(parts.filter((part) => part !== ''));
}

function findingsPart(findings: readonly Diagnostic[], shownPath: ShownPath): string {
  const lines = findings.map((finding) => findingLine(finding, shownPath));
  return withRest(lines, FINDINGS_SHOWN, 'findings', '');
}

const SIGNS = { error: ':x:', warning: ':warning:', info: ':information_source:' } as const;

function findingLine({ severity, code, file, range, message, help }: Diagnostic, shownPath: ShownPath): string {
  const place = codeSpan(`${shownPath(file)}:${range.start.line}`);
  const advice = help === undefined ? '' : `<br>${withCode(help)}`;
  return `- ${SIGNS[severity]} ${withCode(message)} (${place}, ${codeSpan(code)})${advice}\n`;
}

/** What stands in backticks stays code; the words around it are plain. */
function withCode(text: string): string {
  return text
    .split(/`([^`]*)`/)
    .map((part, at) => (at % 2 === 1 ? codeSpan(part) : plainMarkdown(part)))
    .join('');
}

function testsPart(failed: readonly CaseResult[]): string {
  const lines = failed.map(({ name, problem, expected, actual }) => {
    const why = problem ?? `expected ${JSON.stringify(expected)}, got ${JSON.stringify(actual)}`;
    return `- :x: flag test ${codeSpan(name)}: ${codeSpan(why)}\n`;
  });
  return withRest(lines, FINDINGS_SHOWN, 'failed tests', '');
}

function changeParts({ delta }: Review): string[] {
  if (!delta) return [];
  const entries = outline(delta);
  if (entries.length === 0) return [];
  const shown = changesBody(entries.slice(0, SHOWN), delta);
  const rest = entries.slice(SHOWN).map((entry) => changesBody([entry], { ...delta, impact: { flags: [] } }));
  return [shown, withRest(rest, 0, 'more', '\n')];
}

function lifecyclePart({ lifecycle }: Review): string {
  const lines = lifecycle === undefined ? [] : lifecycleWords(lifecycle);
  return lines.length === 0 ? '' : fold('lifecycle', lines.map((words) => `- ${withCode(words)}\n`).join(''));
}

function policyPart(policy: readonly PolicyLine[]): string {
  const signs = { ok: ':white_check_mark:', broken: ':x:', unknown: ':grey_question:' };
  const rows = policy.map(
    (line) => `| ${signs[stateOf(line)]} | ${codeCell(line.rule)} | ${codeCell(line.detail)} |\n`,
  );
  return fold('policy', `| | rule | |\n| --- | --- | --- |\n${rows.join('')}`);
}

/** The first lines as they are, the others folded. */
function withRest(lines: readonly string[], shown: number, noun: string, separator: string): string {
  const rest = lines.slice(shown);
  const head = lines.slice(0, shown).join(separator);
  return rest.length === 0 ? head : `${head}${fold(`${rest.length} ${noun}`, rest.join(separator))}`;
}

function fold(summary: string, body: string): string {
  return `<details><summary>${summary}</summary>\n\n${body}\n</details>\n`;
}

/** As many parts as a comment holds. */
function trimmed(parts: readonly string[]): string {
  const kept: string[] = [];
  let length = 0;
  for (const part of parts) {
    length += part.length + 1;
    if (length <= LONGEST) kept.push(part);
  }
  const cut = kept.length < parts.length;
  return [
    ...kept,
    ...(cut ? ['_Too long for a comment: `flagstaff review` and `flagstaff diff` show all of it._\n'] : []),
  ].join('\n');
}
