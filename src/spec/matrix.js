/** More combinations than this are a slip, and would take for ever. */
export const MAX_COMBINATIONS = 10_000;
/** How many combinations there are; 1 for an empty matrix. */
export function countCombinations(matrix) {
  return Object.values(matrix).reduce((count, values) => count * values.length, 1);
}
/** Every combination of one value for each name, the last name turning fastest. */
export function combinations(matrix) {
  return Object.entries(matrix).reduce(
    (before, [name, values]) => before.flatMap((known) => values.map((value) => ({ ...known, [name]: value }))),
    [{}],
  );
}
/**
 * Replaces `{name}` in every string of `data` (values, not keys). A string that is nothing but `{name}`
 * becomes the value itself, whatever its type; a name that the combination does not have stays as it is.
 */
export function fillIn(data, combination) {
  if (typeof data === 'string') return fillInText(data, combination);
  if (data === null || typeof data !== 'object') return data;
  if (isList(data)) return data.map((item) => fillIn(item, combination));
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, fillIn(value, combination)]));
}
/** The name of one combination: placeholders filled in, and what has none appended. */
export function nameOf(name, combination) {
  const left = Object.entries(combination).filter(([key]) => !name.includes(`{${key}}`));
  const filled = name.replace(PLACEHOLDER, (whole, key) =>
    Object.hasOwn(combination, key) ? textOf(combination[key]) : whole,
  );
  if (left.length === 0) return filled;
  return `${filled} (${left.map(([key, value]) => `${key}: ${textOf(value)}`).join(', ')})`;
}
const PLACEHOLDER = /\{([^{}]+)\}/g;
function fillInText(text, combination) {
  const whole = /^\{([^{}]+)\}$/.exec(text)?.[1];
  if (whole !== undefined && Object.hasOwn(combination, whole)) return combination[whole] ?? null;
  return text.replace(PLACEHOLDER, (placeholder, key) =>
    Object.hasOwn(combination, key) ? textOf(combination[key]) : placeholder,
  );
}
function textOf(value) {
  return typeof value === 'string' ? value : JSON.stringify(value ?? null);
}
function isList(data) {
  return Array.isArray(data);
}
