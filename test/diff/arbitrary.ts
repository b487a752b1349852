import fc from 'fast-check';
import type { Files } from './snapshots.js';

/** Flags ask only those after them, and segments too, so that there are no cycles; only the first flag may be archived. */
export const FLAGS = ['a', 'b', 'c', 'd'] as const;
const SEGMENTS = ['p', 'q', 'r'] as const;
const USERS = ['u0', 'u1', 'u2', 'u3', 'u4', 'u5', 'u6', 'u7'] as const;
const ENVIRONMENTS = ['development', 'production'] as const;
const NOW = '2026-06-01T00:00:00Z';
export const now = Date.parse(NOW);

type Entry = Record<string, unknown>;

const variant = fc.constantFrom('on', 'off');
const users = fc.uniqueArray(fc.constantFrom(...USERS), { maxLength: 3 });
const instant = fc.constantFrom('2026-01-01', '2026-05-01T00:00:00Z', '2026-05-01T02:00:00+02:00', '2026-12-01');

function condition(segments: readonly string[], flags: readonly string[]): fc.Arbitrary<object> {
  const values = fc.uniqueArray(fc.constantFrom('DE', 'FR', 'IT'), { minLength: 1, maxLength: 3 });
  const plain = [
    fc.record({ attribute: fc.constant('country'), operator: fc.constantFrom('in', 'not_in'), value: values }),
    fc.record({
      attribute: fc.constant('country'),
      operator: fc.constantFrom('eq', 'ne'),
      value: fc.constantFrom('DE', 'FR'),
    }),
    fc.record({
      attribute: fc.constant('age'),
      operator: fc.constantFrom('gt', 'lte'),
      value: fc.integer({ min: 0, max: 4 }),
    }),
    fc.record({ attribute: fc.constant('beta'), operator: fc.constantFrom('exists', 'not_exists') }),
    fc.record({
      operator: fc.constant('bucket'),
      value: fc.record({ seed: fc.constantFrom('x', 'y'), range: fc.constantFrom([0, 50], [25, 75]) }),
    }),
    ...(segments.length === 0
      ? []
      : [
          fc.record({
            operator: fc.constantFrom('in_segment', 'not_in_segment'),
            value: fc.constantFrom(...segments),
          }),
        ]),
    ...(flags.length === 0
      ? []
      : [
          fc.record({
            flag: fc.constantFrom(...flags),
            operator: fc.constant('serves'),
            value: fc.uniqueArray(variant, { minLength: 1 }),
          }),
        ]),
  ];
  const one = fc.oneof(...plain);
  const some = fc.array(one, { minLength: 1, maxLength: 2 });
  return fc.oneof(
    { weight: 4, arbitrary: one },
    { weight: 1, arbitrary: fc.record({ any: some }) },
    { weight: 1, arbitrary: fc.record({ all: some }) },
    { weight: 1, arbitrary: fc.record({ not: one }) },
  );
}

const whole = fc
  .integer({ min: 0, max: 4 })
  .chain((quarters) =>
    fc.constantFrom({ on: quarters * 25, off: 100 - quarters * 25 }, { off: 100 - quarters * 25, on: quarters * 25 }),
  );
const part = fc.oneof(
  whole,
  fc.integer({ min: 0, max: 4 }).map((quarters) => ({ on: quarters * 25 })),
);
const percent = fc.constantFrom(0, 10, 50, 100);
const plan = (split: fc.Arbitrary<object>) =>
  fc.oneof(
    fc.record({ split }),
    fc.record({ split, percent }),
    fc.record({
      split,
      steps: fc.constantFrom(
        [{ at: '2026-01-01', percent: 20 }],
        [
          { at: '2026-01-01', percent: 20 },
          { at: '2026-12-01', percent: 100 },
        ],
        [{ at: '2026-01-01T00:00:00Z', percent: 20 }],
      ),
    }),
  );

function rule(segments: readonly string[], flags: readonly string[]): fc.Arbitrary<Entry> {
  const conditions = fc.array(condition(segments, flags), { minLength: 1, maxLength: 2 });
  return fc.oneof(fc.record({ conditions, serve: variant }), fc.record({ conditions, split: whole }));
}

function rules(segments: readonly string[], flags: readonly string[]): fc.Arbitrary<object[]> {
  const names = fc.constantFrom([], ['x', 'y', 'z'], ['y', 'x', 'w'], ['z']);
  const list = fc.array(rule(segments, flags), { maxLength: 3 });
  return fc.tuple(list, names).map(([all, given]) => {
    return all.map((one, at) => (given[at] === undefined ? one : { name: given[at], ...one }));
  });
}

function behaviour(key: string): fc.Arbitrary<Entry> {
  const others = FLAGS.slice(FLAGS.indexOf(key as 'a') + 1);
  const prerequisites =
    others.length === 0
      ? fc.constant([])
      : fc.array(fc.record({ flag: fc.constantFrom(...others), variants: fc.uniqueArray(variant, { minLength: 1 }) }), {
          maxLength: 1,
        });
  const fields = fc.record(
    {
      enabled: fc.boolean(),
      default: fc.oneof(variant, fc.constant(null)),
      off_variant: variant,
      overrides: fc.tuple(users, users).map(([on, off]) => ({ on, off: off.filter((user) => !on.includes(user)) })),
      prerequisites,
      rules: rules(SEGMENTS, others),
      starts_at: instant,
    },
    { requiredKeys: ['default'] },
  );
  const decision = fc.oneof(
    fc.constant({}),
    fc.record({ rollout: plan(part) }),
    fc.record({ experiment: plan(whole) }),
    fc.record({ experiment: fc.record({ split: whole, conditions: fc.tuple(condition(SEGMENTS, others)) }) }),
  );
  return fc.tuple(fields, decision).map(([one, two]) => ({ ...one, ...two }));
}

function flag(key: string): fc.Arbitrary<Entry> {
  const identity = fc.record(
    {
      seed: fc.constantFrom('', 'one'),
      state: fc.constantFrom('active', key === 'a' ? 'archived' : 'active'),
      owner: fc.constantFrom('x', 'y'),
    },
    { requiredKeys: [] },
  );
  const environments = fc.record({ production: behaviour(key) }, { requiredKeys: [] });
  return fc.tuple(identity, behaviour(key), environments).map(([what, does, where]) => ({
    key,
    type: 'boolean',
    ...what,
    ...does,
    environments: where,
  }));
}

function segment(key: string): fc.Arbitrary<Entry> {
  const others = SEGMENTS.slice(SEGMENTS.indexOf(key as 'p') + 1);
  return fc.record(
    {
      key: fc.constant(key),
      enabled: fc.boolean(),
      ...(others.length === 0 ? {} : { parent: fc.constantFrom(...others) }),
      conditions: fc.array(condition(others, []), { minLength: 1, maxLength: 2 }),
      included: users,
      excluded: users,
    },
    { requiredKeys: ['key', 'conditions'] },
  );
}

const group = fc.constantFrom<Entry>(
  { key: 'g', slots: [{ flag: 'c', range: [0, 50] }] },
  { key: 'g', slots: [{ flag: 'c', range: [0, 60] }] },
  {
    key: 'g',
    slots: [
      { flag: 'c', range: [50, 100] },
      { flag: 'd', range: [0, 50] },
    ],
  },
  { key: 'g2', slots: [{ flag: 'c', range: [0, 50] }] },
);

/** A flag repository that passes the gate. */
export const repository: fc.Arbitrary<Files> = fc
  .record({
    ...Object.fromEntries(FLAGS.map((key) => [`${key}.flag.yaml`, flag(key)])),
    ...Object.fromEntries(SEGMENTS.map((key) => [`${key}.segment.yaml`, segment(key)])),
    'g.group.yaml': group,
  })
  .map((files) => ({ 'flagstaff.yaml': { environments: ENVIRONMENTS }, ...files }));

/** Two repositories that have most in common: the second takes a few fields from a third. */
export const twoRepositories: fc.Arbitrary<readonly [Files, Files]> = fc
  .tuple(repository, repository, fc.infiniteStream(fc.nat({ max: 19 })))
  .map(([before, other, dice]) => {
    const mixed = Object.entries(before).map(([path, data]) => [path, mix(data as Entry, other[path] as Entry, dice)]);
    return [before, Object.fromEntries(mixed)] as const;
  });

function mix(data: Entry, other: Entry, dice: Iterator<number>): Entry {
  const fields = new Set([...Object.keys(data), ...Object.keys(other)]);
  const entries = [...fields].map((field) => [field, dice.next().value === 0 ? other[field] : data[field]] as const);
  const mixed = Object.fromEntries(entries.filter(([, value]) => value !== undefined));
  if (!('key' in mixed)) return mixed;
  const clash = 'rollout' in mixed && 'experiment' in mixed;
  const { experiment: _, ...rest } = mixed;
  return clash ? rest : mixed;
}

/** Somebody who might ask. */
export const context = fc.record(
  {
    targetingKey: fc.oneof(
      fc.constantFrom(...USERS),
      fc.integer({ min: 0, max: 9999 }).map((id) => `user-${id}`),
    ),
    country: fc.constantFrom('DE', 'FR', 'IT', 7),
    age: fc.integer({ min: 0, max: 5 }),
    beta: fc.boolean(),
  },
  { requiredKeys: [] },
);

/** The same repository, written otherwise: entries in another order, files elsewhere. */
export function rewritten(files: Files): Files {
  return Object.fromEntries(
    Object.entries(files)
      .reverse()
      .map(([path, data]) => [path === 'flagstaff.yaml' ? path : `elsewhere/${path}`, reversed(data as Entry)]),
  );
}

function reversed(entry: Entry): Entry {
  return Object.fromEntries(Object.entries(entry).reverse());
}
