import type { JsonObject } from '../model/json.js';
import type { Project, Written } from '../project/project.js';
import type {
  WrittenCase,
  WrittenDistribution,
  WrittenExpectation,
  WrittenTests,
  WrittenVariant,
} from '../project/written.js';
import type { BrokenCase, Distribution, Expectation, Places, PlannedCase, Subject } from './case.js';
import { type Combination, combinations, countCombinations, fillIn, MAX_COMBINATIONS, nameOf } from './matrix.js';

const DEFAULT_SAMPLE = 10_000;
const DEFAULT_TOLERANCE = 1;

type Defaults = Omit<WrittenTests, 'cases'>;

/** Every case of every test file in the order they are written: defaults filled in, each `matrix` expanded. */
export function planCases(project: Project): (PlannedCase | BrokenCase)[] {
  return project.tests.flatMap((tests) => planFile(tests, project.defaultEnvironment));
}

function planFile({ file, data }: Written<WrittenTests>, environment: string): (PlannedCase | BrokenCase)[] {
  const { cases, ...defaults } = data;
  return cases.flatMap((written) => planCase(file, withDefaults(written, { environment, ...defaults })));
}

/** A case's own subject takes the place of the file's; its context is laid over the file's, attribute by attribute. */
function withDefaults(written: WrittenCase, { flag, segment, ...defaults }: Defaults): WrittenCase {
  const own = written.flag !== undefined || written.segment !== undefined;
  const subject = own ? {} : { ...(flag !== undefined && { flag }), ...(segment !== undefined && { segment }) };
  return { ...defaults, ...subject, ...written, context: { ...defaults.context, ...written.context } };
}

function planCase(file: string, written: WrittenCase): (PlannedCase | BrokenCase)[] {
  const { matrix = {}, ...template } = written;
  const count = countCombinations(matrix);
  if (count < 1 || count > MAX_COMBINATIONS) {
    const problem = `the matrix has ${count} combinations; write between 1 and ${MAX_COMBINATIONS}`;
    return [{ file, name: written.name, problem }];
  }
  return combinations(matrix).map((combination) => planCombination(file, template, combination));
}

function planCombination(
  file: string,
  template: Omit<WrittenCase, 'matrix'>,
  combination: Combination,
): PlannedCase | BrokenCase {
  const name = nameOf(template.name, combination);
  const filled = fillIn(template as unknown as JsonObject, combination) as unknown as WrittenCase;
  const subject = subjectOf(filled);
  const places = placesOf(filled);
  if (!subject) return { file, name, problem: 'the case names neither a flag nor a segment' };
  if (places === 'invalid') return { file, name, problem: '`bucket` and `entry` are numbers from 0 to below 100' };
  const { environment, context = {}, now } = filled;
  const situation = { environment: String(environment), context, ...(now !== undefined && { now: String(now) }) };
  return { file, name, subject, ...situation, ...(places && { places }), ...wantedOf(filled) };
}

function subjectOf({ flag, segment }: WrittenCase): Subject | undefined {
  if (flag !== undefined) return { flag };
  return segment === undefined ? undefined : { segment };
}

/** The matrix may have filled in anything, so this looks. */
function placesOf({ bucket, entry }: WrittenCase): Places | 'invalid' | undefined {
  if (bucket === undefined) return undefined;
  if (!isPlace(bucket) || (entry !== undefined && !isPlace(entry))) return 'invalid';
  return { bucket, ...(entry !== undefined && { entry }) };
}

function isPlace(place: unknown): place is number {
  return typeof place === 'number' && place >= 0 && place < 100;
}

function wantedOf({ expect, distribution }: WrittenCase): Pick<PlannedCase, 'expect' | 'distribution'> {
  return {
    ...(expect && { expect: expectationOf(expect) }),
    ...(distribution && { distribution: distributionOf(distribution) }),
  };
}

/** In the order in which the keys are written. */
function expectationOf(expect: WrittenExpectation): Expectation {
  const { variant, ...others } = expect;
  return variant === undefined ? others : { ...expect, variant: variantName(variant) };
}

/** `true` and `false` may stand for `on` and `off`. */
function variantName(variant: WrittenVariant | null): string | null {
  return typeof variant === 'boolean' ? (variant ? 'on' : 'off') : variant;
}

function distributionOf({ sample, expect, tolerance }: WrittenDistribution): Distribution {
  return { sample: sample ?? DEFAULT_SAMPLE, expect, tolerance: tolerance ?? DEFAULT_TOLERANCE };
}
