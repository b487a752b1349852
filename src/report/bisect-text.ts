import type { ChalkInstance } from 'chalk';
import type { NoVerdict, Verdict } from '../history/bisect.js';
import type { AuditEntry } from '../history/log.js';
import type { Evaluation } from '../model/evaluation.js';
import { auditText } from './audit-text.js';
import { palette } from './palette.js';
import { printable } from './printable.js';

/** The commit that changed an answer, and the answers before and after it. */
export function bisectText(
  verdict: Verdict,
  signature: AuditEntry['signature'],
  { colour }: { readonly colour: boolean },
): string {
  const { commit, changes, before, after, refused } = verdict;
  const paint = palette(colour);
  const notes = refused.map(({ oid, message }) => {
    const [subject = ''] = message.split('\n');
    return `${oid.slice(0, 12)} ${printable(subject)}: ${paint.dim('passed over, it does not pass the gate')}\n`;
  });
  return [
    auditText({ commit, changes, invalid: [], signature }, { colour }),
    `\n  ${paint.dim('before')}  ${answerWords(before, paint)}\n  ${paint.dim('after')}   ${answerWords(after, paint)}\n`,
    ...(notes.length === 0 ? [] : ['\n', ...notes]),
  ].join('');
}

export function noVerdictText({ answer }: NoVerdict, { colour }: { readonly colour: boolean }): string {
  return `no commit changed the answer: ${answerWords(answer, palette(colour))}\n`;
}

function answerWords({ variant, value, reason, rule, error_code }: Evaluation, paint: ChalkInstance): string {
  const served = variant === null ? "the caller's default" : `${variant} (${JSON.stringify(value)})`;
  const why = [reason, rule && `rule ${JSON.stringify(rule)}`, error_code].filter((part) => part !== undefined);
  return `${paint.bold(printable(served))}  ${paint.dim(printable(why.join(', ')))}`;
}
