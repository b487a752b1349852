/**
 * One line of a benchmark's result.
 *
 * @typedef {object} Row
 * @property {string} scenario
 * @property {number} ours
 * @property {Record<string, number>} peers by package name; `limit` where it is a fixed number that is compared with
 * @property {number | null} ratio the best of `peers` divided by ours: above 1 we are better; `null` without peers
 * @property {string} unit
 *
 * @typedef {{ name: string, rows: Row[] }} Result
 */

/** @param {string} scenario @param {number} ours @param {Record<string, number>} peers less is better @param {string} unit @returns {Row} */
export function row(scenario, ours, peers, unit) {
  const others = Object.values(peers);
  return { scenario, ours, peers, ratio: others.length === 0 ? null : Math.min(...others) / ours, unit };
}

/** Rows that missed a fixed limit: these fail the run. @param {Result} result */
export function missedLimits({ rows }) {
  return rows.filter(({ peers, ratio }) => 'limit' in peers && ratio < 1);
}

/** @param {Result} result */
export function asTable({ name, rows }) {
  const sections = rows.map(({ scenario, ours, peers, ratio, unit }) => {
    const others = Object.entries(peers).sort(([, a], [, b]) => a - b);
    const entries = [['flagstaff', ours], ...others].map(
      ([who, value]) => `    ${who.padEnd(30)} ${readable(value).padStart(10)} ${unit}`,
    );
    return [`  ${scenario}${judged(ratio, peers)}`, ...entries].join('\n');
  });
  return [name, ...sections].join('\n');
}

function judged(ratio, peers) {
  if (ratio === null) return '';
  return `: ${ratio.toFixed(1)} times ${'limit' in peers ? 'better than the limit' : 'the best peer'}`;
}

/** Three significant digits. @param {number} value */
function readable(value) {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
