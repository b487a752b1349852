import type { Review } from '../review/review.js';
import { changesData } from './changes-json.js';
import { asShown, type ShownPath } from './diagnostics-json.js';
import { testsData } from './tests-json.js';

/** A review as JSON; its shape is `schemas/output/review.schema.json`. */
export function reviewJson(
  { verdict, findings, policy, delta, tests, lifecycle }: Review,
  shownPath: ShownPath,
): string {
  const data = {
    verdict,
    findings: findings.map((finding) => asShown(finding, shownPath)),
    ...(delta ? { diff: changesData(delta) } : {}),
    ...(tests ? { tests: testsData(tests, shownPath) } : {}),
    policy,
    ...(lifecycle ? { lifecycle } : {}),
  };
  return `${JSON.stringify(data, null, 2)}\n`;
}
