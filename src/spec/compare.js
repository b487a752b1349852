/** Does `actual` hold every key that is expected, with an equal value? Keys that are not named are not compared. */
export function meets(actual, expected) {
  return Object.entries(expected).every(([key, value]) => sameJson(actual[key], value));
}
/** Deep equality of JSON values; the order of an object's keys does not count. */
export function sameJson(a, b) {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  return sameEntries(a, b);
}
function sameEntries(a, b) {
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && sameJson(a[key], b[key]))
  );
}
