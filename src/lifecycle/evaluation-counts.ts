/** How often a server answered for each flag, since it started. */
export interface EvaluationCounts {
  /** milliseconds since 1970 */
  readonly since: number;
  readonly byFlag: ReadonlyMap<string, number>;
  /** Asked for flags that were not there; a server does not keep what callers make up. */
  readonly unknown: number;
}

const COUNTER = 'flagstaff_evaluations_total';
const START = /^process_start_time_seconds (\S+)/m;
const SAMPLE = new RegExp(`^${COUNTER}\\{(.*)\\} (\\S+)`, 'gm');
const FLAG = /(?:^|,)flag="((?:[^"\\]|\\.)*)"/;

/**
 * Reads what `/metrics` of a server says, in Prometheus' text format
 * (https://prometheus.io/docs/instrumenting/exposition_formats/).
 *
 * @returns `undefined` when these are no metrics of such a server
 */
export function evaluationCounts(metrics: string): EvaluationCounts | undefined {
  const since = Number(START.exec(metrics)?.[1]) * 1000;
  if (!metrics.includes(`# TYPE ${COUNTER} counter`) || !Number.isFinite(since)) return undefined;
  const counts = new Map<string, number>();
  for (const [, labels = '', value] of metrics.matchAll(SAMPLE)) {
    const flag = FLAG.exec(labels)?.[1] ?? '';
    counts.set(flag, (counts.get(flag) ?? 0) + Number(value));
  }
  const unknown = counts.get('') ?? 0;
  counts.delete('');
  return { since, byFlag: counts, unknown };
}

/** The counts of several servers that share the work. */
export function together(all: readonly EvaluationCounts[]): EvaluationCounts {
  const byFlag = new Map<string, number>();
  for (const [flag, count] of all.flatMap((one) => [...one.byFlag])) byFlag.set(flag, (byFlag.get(flag) ?? 0) + count);
  return {
    since: Math.min(...all.map(({ since }) => since)),
    byFlag,
    unknown: all.reduce((sum, { unknown }) => sum + unknown, 0),
  };
}
