import type { EvaluationRow } from './evaluation-row.js';

/** All answers as one JSON array. */
export function evaluationJson(rows: readonly EvaluationRow[]): string {
  return `${JSON.stringify(rows, null, 2)}\n`;
}

/** Each answer as JSON on a line of its own. */
export function evaluationNdjson(rows: readonly EvaluationRow[]): string {
  return rows.map((row) => `${JSON.stringify(row)}\n`).join('');
}
