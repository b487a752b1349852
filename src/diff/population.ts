import type { Comparison, Condition } from '../model/condition.js';
import { type Context, TARGETING_KEY } from '../model/context.js';
import type { Definitions } from '../model/definitions.js';
import type { Attribute } from '../model/snapshot.js';
import { comparisonsOf, type Node, needsIn } from './dependents.js';
import type { Dice } from './dice.js';
import { literalsOf } from './literals.js';

/** Where the contexts come from that an estimate rests on. */
export interface Population {
  /** `synthetic`: made up; shares of it are shares of made-up users. */
  readonly kind: 'file' | 'synthetic';
  /** How many contexts were evaluated. */
  readonly size: number;
  /** The file, as it was named. */
  readonly source?: string;
  /** What the dice began with: the same seed gives the same contexts. */
  readonly seed?: number;
}

/** How the values of one attribute are drawn; `undefined` stands for an attribute that is not there. */
type DrawValue = (dice: Dice, index: number) => unknown;

/** What may be asked of contexts on either side. */
export interface Questions {
  readonly comparisons: readonly Comparison[];
  /** The attributes that are hashed. */
  readonly units: ReadonlySet<string>;
}

/** What some flags of one environment ask, and all that they depend on. */
export function questionsOf(definitions: Definitions, keys: Iterable<string>): Questions {
  const needed = closure(definitions, keys);
  const flags = definitions.flags.filter(({ key }) => needed.has(`flag:${key}`));
  const segments = definitions.segments.filter(({ key }) => needed.has(`segment:${key}`));
  const conditions: Condition[] = [
    ...flags.flatMap(({ rules, experiment }) => [
      ...rules.flatMap((rule) => rule.conditions),
      ...(experiment?.conditions ?? []),
    ]),
    ...segments.flatMap((segment) => segment.conditions),
  ];
  const comparisons = conditions.flatMap(comparisonsOf);
  const bucketed = comparisons
    .filter(({ operator }) => operator === 'bucket')
    .map(({ attribute = TARGETING_KEY }) => attribute);
  return { comparisons, units: new Set([...flags.map((flag) => flag.bucket_by), ...bucketed]) };
}

function closure(definitions: Definitions, keys: Iterable<string>): ReadonlySet<Node> {
  const needs = needsIn(definitions);
  const needed = new Set<Node>([...keys].map((key): Node => `flag:${key}`));
  for (const node of needed) for (const [on] of needs.get(node) ?? []) needed.add(on);
  return needed;
}

/**
 * Contexts made up from what is declared of attributes and from every value that conditions mention, with its
 * neighbours. The same dice give the same contexts.
 */
export function* synthesize(
  size: number,
  questions: readonly Questions[],
  attributes: Readonly<Record<string, Attribute>>,
  dice: Dice,
  now: number,
): Generator<Context> {
  const draws = drawsFor(questions, attributes, now);
  for (let index = 0; index < size; index += 1) {
    const drawn = draws.map(([name, draw]) => [name, draw(dice, index)] as const);
    yield Object.fromEntries([[TARGETING_KEY, `user-${index}`], ...drawn.filter(([, value]) => value !== undefined)]);
  }
}

function drawsFor(
  questions: readonly Questions[],
  attributes: Readonly<Record<string, Attribute>>,
  now: number,
): (readonly [string, DrawValue])[] {
  const literals = literalsByAttribute(questions, now);
  const units = new Set(questions.flatMap((each) => [...each.units]));
  const names = [...new Set([...literals.keys(), ...units])].sort();
  return names
    .filter((name) => name !== TARGETING_KEY || (literals.get(name)?.length ?? 0) > 0)
    .map((name) => {
      const declared = Object.hasOwn(attributes, name) ? attributes[name] : undefined;
      return [name, drawOf(name, declared, literals.get(name) ?? [], units.has(name))] as const;
    });
}

function literalsByAttribute(questions: readonly Questions[], now: number): Map<string, unknown[]> {
  const found = new Map<string, Map<string, unknown>>();
  for (const comparison of questions.flatMap((each) => each.comparisons)) {
    const { attribute, operator } = comparison;
    if (attribute === undefined || operator === 'bucket' || operator.endsWith('in_segment')) continue;
    const known = found.get(attribute) ?? new Map<string, unknown>();
    for (const value of literalsOf(comparison, now)) known.set(JSON.stringify(value), value);
    found.set(attribute, known);
  }
  return new Map([...found].map(([attribute, values]) => [attribute, [...values.values()]]));
}

function drawOf(
  name: string,
  declared: Attribute | undefined,
  literals: readonly unknown[],
  isUnit: boolean,
): DrawValue {
  if (declared?.enum) return drawWeighted(declared.enum, declared.weights ?? []);
  if (declared?.type === 'boolean') return ({ next }) => next() < 0.5;
  const one = drawOne(declared, literals);
  if (isUnit) return drawUnit(name, one, literals.length > 0);
  const value = declared?.type === 'list' ? drawList(one) : one;
  return (dice, index) => (dice.next() < ABSENT ? undefined : value(dice, index));
}

/** How often an attribute is not there, and how often it is something that nobody mentions. */
const ABSENT = 0.1;
const OTHER = 0.3;

function drawWeighted(values: readonly unknown[], weights: readonly number[]): DrawValue {
  const heights = values.map((_, at) => weights[at] ?? 1);
  const total = heights.reduce((sum, weight) => sum + weight, 0);
  return ({ next }) => {
    let left = next() * total;
    const at = heights.findIndex((weight) => {
      left -= weight;
      return left < 0;
    });
    return values[at];
  };
}

function drawOne(declared: Attribute | undefined, literals: readonly unknown[]): DrawValue {
  const other = otherValue(declared, literals);
  return ({ next, whole }, index) =>
    literals.length === 0 || next() < OTHER ? other(index) : literals[whole(literals.length)];
}

/** A value of the right type that no condition mentions. */
function otherValue(declared: Attribute | undefined, literals: readonly unknown[]): (index: number) => unknown {
  const type = declared?.type ?? (typeof literals[0] === 'number' ? 'number' : 'string');
  switch (type) {
    case 'number':
      return (index) => (index * 7919) % 100_003;
    case 'semver':
      return (index) => `${index % 10}.${index % 7}.${index % 5}`;
    case 'date':
      return (index) => new Date(Date.UTC(2020, 0, 1) + (index % 3650) * 86_400_000).toISOString();
    case 'ip':
      return (index) => `198.51.100.${index % 256}`;
    default:
      return () => 'something else';
  }
}

function drawList(one: DrawValue): DrawValue {
  return (dice, index) => Array.from({ length: dice.whole(4) }, () => one(dice, index));
}

/** Units are many: most are met once. */
function drawUnit(name: string, one: DrawValue, mentioned: boolean): DrawValue {
  return (dice, index) => (mentioned && dice.next() < 0.5 ? one(dice, index) : `${unitPrefix(name)}-${index}`);
}

/** What made-up units of an attribute begin with. */
export function unitPrefix(attribute: string): string {
  return attribute === TARGETING_KEY ? 'user' : attribute;
}
