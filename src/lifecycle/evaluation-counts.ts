/** How often servers answered for each flag, since they started: what they counted before is gone. */
export interface EvaluationCounts {
  /** When the first of them began to count; milliseconds since 1970. */
  readonly since: number;
  /** When the last of them did: before that, somebody may have asked it for what nobody is known to have asked for. */
  readonly allSince: number;
  readonly byFlag: ReadonlyMap<string, number>;
  /** As many of them as found the flag archived: whoever asked before that may have stopped. */
  readonly inVain: ReadonlyMap<string, number>;
  /** Asked for flags that were not there; a server does not keep what callers make up. */
  readonly unknown: number;
}

/** What a server counts as the reason where a flag is archived, so that whoever asked for it got nothing. */
export const ARCHIVED = 'ARCHIVED';

const COUNTER = 'flagstaff_evaluations_total';
const START = /^process_start_time_seconds (\S+)/m;
const SAMPLE = new RegExp(`^${COUNTER}\\{(.*)\\} (\\S+)`, 'gm');
const FLAG = /(?:^|,)flag="((?:[^"\\]|\\.)*)"/;
const REASON = /(?:^|,)reason="((?:[^"\\]|\\.)*)"/;

/**
 * Reads what `/metrics` of a server says, in Prometheus' text format
 * (https://prometheus.io/docs/instrumenting/exposition_formats/).
 *
 * @returns `undefined` when these are no metrics of such a server
 */
export function evaluationCounts(metrics: string): EvaluationCounts | undefined {
  const since = Number(START.exec(metrics)?.[1]) * 1000;
  if (!metrics.includes(`# TYPE ${COUNTER} counter`) || !Number.isFinite(since)) return undefined;
  const byFlag = new Map<string, number>();
  const inVain = new Map<string, number>();
  for (const [, labels = '', value] of metrics.matchAll(SAMPLE)) {
    const flag = FLAG.exec(labels)?.[1] ?? '';
    addTo(byFlag, [[flag, Number(value)]]);
    if (REASON.exec(labels)?.[1] === ARCHIVED) addTo(inVain, [[flag, Number(value)]]);
  }
  const unknown = byFlag.get('') ?? 0;
  byFlag.delete('');
  return { since, allSince: since, byFlag, inVain, unknown };
}

/** The counts of several servers that share the work. */
export function together(all: readonly EvaluationCounts[]): EvaluationCounts {
  return {
    since: Math.min(...all.map(({ since }) => since)),
    allSince: Math.max(...all.map(({ allSince }) => allSince)),
    byFlag: sumOf(all.map(({ byFlag }) => byFlag)),
    inVain: sumOf(all.map(({ inVain }) => inVain)),
    unknown: all.reduce((sum, { unknown }) => sum + unknown, 0),
  };
}

function sumOf(all: readonly ReadonlyMap<string, number>[]): Map<string, number> {
  const sum = new Map<string, number>();
  for (const one of all) addTo(sum, one);
  return sum;
}

function addTo(sum: Map<string, number>, counts: Iterable<readonly [string, number]>): void {
  for (const [flag, count] of counts) sum.set(flag, (sum.get(flag) ?? 0) + count);
}
