import { outline } from '../diff/outline.js';
import { answerWords } from '../lifecycle/stale.js';
import type { LifecycleSummary } from '../review/lifecycle.js';
import type { PolicyLine } from '../review/policy-lines.js';
import type { Review } from '../review/review.js';
import { summarizeTests } from '../spec/report.js';
import { changedWords } from './change-words.js';

/** `2 flags changed; 1 error, 2 warnings; 30 tests passed, 1 failed` */
export function reviewWords({ findings, delta, tests }: Review): string {
  const count = (severity: string) => findings.filter((finding) => finding.severity === severity).length;
  const counts = [
    ...counted(count('error'), 'error'),
    ...counted(count('warning'), 'warning'),
    ...counted(count('info'), 'note'),
  ];
  return [
    delta ? changedWords(outline(delta)) : 'nothing could be compared',
    counts.join(', ') || 'no findings',
    ...(tests ? [testsWords(summarizeTests(tests))] : []),
  ].join('; ');
}

function testsWords({ passed, failed }: { readonly passed: number; readonly failed: number }): string {
  return failed === 0 ? `${passed} tests passed` : `${passed} tests passed, ${failed} failed`;
}

function counted(count: number, noun: string): string[] {
  return count === 0 ? [] : [`${count} ${noun}${count === 1 ? '' : 's'}`];
}

/** `one-page: everyone gets on; should have been gone by 2026-01-01`, and how many there are in all. */
export function lifecycleWords({ touched, overdue, constant }: LifecycleSummary): string[] {
  const lines = touched.map(({ flag, everyone_gets, remove_by }) => {
    const why = [
      ...(everyone_gets === undefined ? [] : [`everyone gets ${answerWords(everyone_gets)}`]),
      ...(remove_by === undefined ? [] : [`should have been gone by ${remove_by}`]),
    ];
    return `\`${flag}\`: ${why.join('; ')}`;
  });
  if (overdue + constant === 0) return [];
  const all = [
    ...(constant === 0
      ? []
      : [`${counted(constant, 'flag')[0]} ${constant === 1 ? 'gives' : 'give'} everyone the same`]),
    ...(overdue === 0 ? [] : [`${counted(overdue, 'flag')[0]} past \`remove_by\``]),
  ];
  return [...lines, `in all: ${all.join(', ')}; \`flagstaff stale\` tells which`];
}

export function stateOf({ ok }: PolicyLine): 'ok' | 'broken' | 'unknown' {
  return ok === null ? 'unknown' : ok ? 'ok' : 'broken';
}
