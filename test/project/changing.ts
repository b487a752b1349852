import fc from 'fast-check';
import { FLAGSTAFF, flag, GUARDED, type Literal } from './files.js';

/** What happens to a repository: files are written, a file is removed, everything is as it was some steps ago. */
export interface Step {
  readonly written?: readonly (readonly string[])[];
  readonly removed?: number;
  readonly back?: number;
}

const KEYS = ['a', 'b', 'c', 'A'];
const key = fc.constantFrom(...KEYS);
const group = fc.constantFrom('g', 'h');
const SETTINGS = [
  FLAGSTAFF,
  GUARDED,
  `${FLAGSTAFF}context: { plan: { type: string, enum: [pro] } }\n`,
  'environments: [production, development]\n',
  `${FLAGSTAFF}protected: [staging, nowhere]\n`,
  'environments: [',
];
const condition = fc.oneof(
  key.map((name) => `{ operator: in_segment, value: ${name} }`),
  fc.tuple(key, fc.constantFrom('on', 'true', 'x')).map(([name, variant]) => {
    return `{ flag: ${name}, operator: serves, value: ${variant} }`;
  }),
  fc.constantFrom('pro', 'free', '7').map((plan) => `{ attribute: plan, operator: eq, value: ${plan} }`),
);
const line = fc.oneof(
  { weight: 3, arbitrary: condition.map((one) => `rules: [{ conditions: [${one}], serve: on }]`) },
  {
    weight: 2,
    arbitrary: fc.tuple(key, fc.constantFrom('on', 'true')).map(([name, variant]) => {
      return `prerequisites: [{ flag: ${name}, variants: [${variant}] }]`;
    }),
  },
  fc.constantFrom('state: archived', 'bucket_by: company', 'starts_at: 2027-01-01', 'expires_at: 2026-01-01'),
  fc.constantFrom('rollout: { split: { on: 50 } }', 'experiment: { split: { on: 50, off: 50 } }', 'default: x'),
  fc.constantFrom('environments: { staging: { enabled: false } }', 'environments: { production: { default: on } }'),
);
const lines = fc.uniqueArray(line, { maxLength: 2, selector: (text) => text.slice(0, text.indexOf(':')) });
const file = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.tuple(key, key, lines).map(([name, own, more]): [string, string] => {
      return [`${name}.flag.yaml`, flag(own === 'A' ? own : name, more.map((text) => `${text}\n`).join(''))];
    }),
  },
  fc.tuple(key, fc.constantFrom('a', 'b', 'c')).map(([name, variant]): [string, string] => {
    const text = `key: ${name}\ntype: string\nvariants: { a: '1', ${variant}: '2', on: '3', x: '4', "true": '5' }\ndefault: a\n`;
    return [`${name}.flag.yaml`, text];
  }),
  fc.tuple(key, fc.constantFrom('staging', 'production'), lines).map(([name, environment, more]): [string, string] => {
    const text = `flag: ${name}\nenvironment: ${environment}\ndefault: on\n`;
    return [`${name}.${environment}.override.yaml`, text + more.map((one) => `${one}\n`).join('')];
  }),
  fc.tuple(key, fc.option(key), condition).map(([name, parent, one]): [string, string] => {
    const text = `key: ${name}\n${parent === null ? '' : `parent: ${parent}\n`}conditions: [${one}]\n`;
    return [`${name}.segment.yaml`, text];
  }),
  fc.tuple(group, fc.uniqueArray(key, { maxLength: 2 }), fc.constantFrom(30, 50)).map(([name, members, width]) => {
    const slots = members.map((member, index) => `{ flag: ${member}, range: [${index * 50}, ${index * 50 + width}] }`);
    return [`${name}.group.yaml`, `key: ${name}\nslots: [${slots.join(', ')}]\n`] as [string, string];
  }),
  fc.tuple(key, key).map(([name, other]): [string, string] => {
    return [`${name}.test.yaml`, `flag: ${other}\ncases: [{ name: n, expect: { variant: on } }]\n`];
  }),
  fc.tuple(key, fc.constantFrom('[', '', 'key: 7\n')).map(([name, text]): [string, string] => {
    return [`${name}.flag.yaml`, text];
  }),
);

export const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.array(file, { minLength: 1, maxLength: 2 }).map((written) => ({ written })) },
  { weight: 3, arbitrary: fc.constantFrom(...SETTINGS).map((text) => ({ written: [['flagstaff.yaml', text]] })) },
  { weight: 3, arbitrary: fc.nat().map((removed) => ({ removed })) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 4 }).map((back) => ({ back })) },
);

/** The repository after a step. @param history what it was after each of those before, oldest first */
export function taken(history: readonly Literal[], { written = [], removed, back = 0 }: Step): Literal {
  const now = history.at(-1 - back) ?? {};
  const paths = Object.keys(now);
  const kept = Object.entries(now).filter(([path]) => removed === undefined || path !== paths[removed % paths.length]);
  return Object.fromEntries([...kept, ...written]);
}
