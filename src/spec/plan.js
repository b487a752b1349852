import { combinations, countCombinations, fillIn, MAX_COMBINATIONS, nameOf } from './matrix.js';

const DEFAULT_SAMPLE = 10_000;
const DEFAULT_TOLERANCE = 1;
/** Every case of every test file in the order they are written: defaults filled in, each `matrix` expanded. */
export function planCases(project) {
  return project.tests.flatMap((tests) => planFile(tests, project.defaultEnvironment));
}
function planFile({ file, data }, environment) {
  const { cases, ...defaults } = data;
  return cases.flatMap((written) => planCase(file, withDefaults(written, { environment, ...defaults })));
}
/** A case's own subject takes the place of the file's; its context is laid over the file's, attribute by attribute. */
function withDefaults(written, { flag, segment, ...defaults }) {
  const own = written.flag !== undefined || written.segment !== undefined;
  const subject = own ? {} : { ...(flag !== undefined && { flag }), ...(segment !== undefined && { segment }) };
  return { ...defaults, ...subject, ...written, context: { ...defaults.context, ...written.context } };
}
function planCase(file, written) {
  const { matrix = {}, ...template } = written;
  const count = countCombinations(matrix);
  if (count < 1 || count > MAX_COMBINATIONS) {
    const problem = `the matrix has ${count} combinations; write between 1 and ${MAX_COMBINATIONS}`;
    return [{ file, name: written.name, problem }];
  }
  return combinations(matrix).map((combination) => planCombination(file, template, combination));
}
function planCombination(file, template, combination) {
  const name = nameOf(template.name, combination);
  const filled = fillIn(template, combination);
  const subject = subjectOf(filled);
  const places = placesOf(filled);
  if (!subject) return { file, name, problem: 'the case names neither a flag nor a segment' };
  if (places === 'invalid') return { file, name, problem: '`bucket` and `entry` are numbers from 0 to below 100' };
  const { environment, context = {}, now } = filled;
  const situation = { environment: String(environment), context, ...(now !== undefined && { now: String(now) }) };
  return { file, name, subject, ...situation, ...(places && { places }), ...wantedOf(filled) };
}
function subjectOf({ flag, segment }) {
  if (flag !== undefined) return { flag };
  return segment === undefined ? undefined : { segment };
}
/** The matrix may have filled in anything, so this looks. */
function placesOf({ bucket, entry }) {
  if (bucket === undefined) return undefined;
  if (!isPlace(bucket) || (entry !== undefined && !isPlace(entry))) return 'invalid';
  return { bucket, ...(entry !== undefined && { entry }) };
}
function isPlace(place) {
  return typeof place === 'number' && place >= 0 && place < 100;
}
function wantedOf({ expect, distribution }) {
  return {
    ...(expect && { expect: expectationOf(expect) }),
    ...(distribution && { distribution: distributionOf(distribution) }),
  };
}
function expectationOf({ variant, ...expect }) {
  return variant === undefined ? expect : { ...expect, variant: variantName(variant) };
}
/** `true` and `false` may stand for `on` and `off`. */
function variantName(variant) {
  return typeof variant === 'boolean' ? (variant ? 'on' : 'off') : variant;
}
function distributionOf({ sample, expect, tolerance }) {
  return { sample: sample ?? DEFAULT_SAMPLE, expect, tolerance: tolerance ?? DEFAULT_TOLERANCE };
}
