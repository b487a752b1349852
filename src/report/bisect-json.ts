import type { NoVerdict, Verdict } from '../history/bisect.js';
import type { AuditEntry } from '../history/log.js';
import type { Evaluation } from '../model/evaluation.js';
import { auditData } from './audit-json.js';

/** The same as JSON; its shape is `schemas/output/bisect.schema.json`. */
export function bisectJson(verdict: Verdict, signature: AuditEntry['signature']): string {
  const { commit, changes, before, after, refused } = verdict;
  return print({
    found: true,
    ...auditData({ commit, changes, invalid: [], signature }),
    before: answerData(before),
    after: answerData(after),
    skipped: refused.map(({ oid }) => oid),
  });
}

export function noVerdictJson({ answer }: NoVerdict): string {
  return print({ found: false, after: answerData(answer) });
}

function print(data: object): string {
  return `${JSON.stringify(data, null, 2)}\n`;
}

function answerData({ value, variant, reason, rule, error_code }: Evaluation): object {
  return {
    value: value ?? null,
    variant,
    reason,
    ...(rule === undefined ? {} : { rule }),
    ...(error_code === undefined ? {} : { error_code }),
  };
}
