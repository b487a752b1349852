export function summarizeTests({ results }) {
  const passed = results.filter(({ ok }) => ok).length;
  return { passed, failed: results.length - passed };
}
/** @param least percent; without it, coverage is no reason to fail */
export function coversEnough({ coverage }, least) {
  if (coverage === undefined || least === undefined) return true;
  return coverage.covered * 100 >= coverage.total * least;
}
