import { outline } from '../diff/outline.js';
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

export function stateOf({ ok }: PolicyLine): 'ok' | 'broken' | 'unknown' {
  return ok === null ? 'unknown' : ok ? 'ok' : 'broken';
}
