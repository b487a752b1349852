import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Compilation, check, compile } from '../../src/project/compile.js';
import type { ReadingCache } from '../../src/project/read-file.js';
import { FLAGSTAFF, filesOf, flag, GUARDED, type Literal } from './files.js';

/** Everything of a compilation, with the order of what is in maps. */
function shown({ snapshot, project, diagnostics }: Compilation): string {
  const { parts, partsOf, behaviours, comparisons, subjects } = project ?? {};
  const { files, definitions, ...rest } = snapshot ?? {};
  return JSON.stringify([
    diagnostics,
    rest,
    [...(files ?? [])],
    [...(definitions ?? [])],
    [parts, [...(partsOf ?? [])], comparisons, subjects],
    [...(behaviours ?? [])].map(([key, byEnvironment]) => [key, ...byEnvironment]),
  ]);
}

function flagOf(compilation: Compilation, environment: string, key: string): unknown {
  return compilation.snapshot?.definitions.get(environment)?.flags.find((one) => one.key === key);
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
  { weight: 2, arbitrary: key.map((name) => `prerequisites: [{ flag: ${name}, variants: [on] }]`) },
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
    const text = `key: ${name}\ntype: string\nvariants: { a: '1', ${variant}: '2', on: '3', x: '4' }\ndefault: a\n`;
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
  fc.tuple(group, fc.uniqueArray(key, { maxLength: 2 })).map(([name, members]): [string, string] => {
    const slots = members.map((member, index) => `{ flag: ${member}, range: [${index * 50}, ${index * 50 + 50}] }`);
    return [`${name}.group.yaml`, `key: ${name}\nslots: [${slots.join(', ')}]\n`];
  }),
  fc.tuple(key, key).map(([name, other]): [string, string] => {
    return [`${name}.test.yaml`, `flag: ${other}\ncases: [{ name: n, expect: { variant: on } }]\n`];
  }),
  fc.tuple(key, fc.constantFrom('[', '', 'key: 7\n')).map(([name, text]): [string, string] => {
    return [`${name}.flag.yaml`, text];
  }),
);

/** What happens to a repository: files are written, a file is removed, everything is as it was some steps ago. */
const step = fc.oneof(
  { weight: 6, arbitrary: fc.array(file, { minLength: 1, maxLength: 2 }).map((written) => ({ written })) },
  { weight: 3, arbitrary: fc.constantFrom(...SETTINGS).map((text) => ({ written: [['flagstaff.yaml', text]] })) },
  { weight: 3, arbitrary: fc.nat().map((removed) => ({ removed })) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 4 }).map((back) => ({ back })) },
);
type Step = { readonly written?: string[][]; readonly removed?: number; readonly back?: number };

function taken(history: readonly Literal[], { written = [], removed, back = 0 }: Step): Literal {
  const now = history.at(-1 - back) ?? {};
  const paths = Object.keys(now);
  const kept = Object.entries(now).filter(([path]) => removed === undefined || path !== paths[removed % paths.length]);
  return Object.fromEntries([...kept, ...written]);
}

describe('compiling again', () => {
  it('gives what compiling anew gives, whatever was changed, broken, mended, removed and brought back', () => {
    let [snapshots, refusals] = [0, 0];
    fc.assert(
      fc.property(fc.array(step, { minLength: 5, maxLength: 25 }), (steps) => {
        const [cache, whole]: ReadingCache[] = [new Map(), new Map()];
        const history: Literal[] = [{ 'flagstaff.yaml': FLAGSTAFF }];
        for (const one of steps as Step[]) {
          history.push(taken(history, one));
          const files = filesOf(history.at(-1) ?? {});
          const again = compile(files, cache);
          expect(shown(again)).toBe(shown(compile(files)));
          expect(JSON.stringify(check(files, whole).findings)).toBe(JSON.stringify(check(files).findings));
          if (again.snapshot === undefined) refusals += 1;
          else snapshots += 1;
        }
      }),
      { numRuns: 60 },
    );
    expect(Math.min(snapshots, refusals)).toBeGreaterThan(100);
  });

  const REPOSITORY: Literal = {
    'flagstaff.yaml': GUARDED,
    'a.flag.yaml': flag(
      'a',
      'prerequisites: [{ flag: b, variants: [on] }]\nenvironments: { staging: { enabled: false } }\n',
    ),
    'a.production.override.yaml': 'flag: a\nenvironment: production\ndefault: on\n',
    'b.flag.yaml': flag('b'),
    'g.group.yaml': 'key: g\nslots: [{ flag: b, range: [0, 50] }]\n',
    's.segment.yaml': 'key: s\nincluded: [u]\n',
  };

  function both(change: Literal): [before: Compilation, after: Compilation] {
    const cache: ReadingCache = new Map();
    return [compile(filesOf(REPOSITORY), cache), compile(filesOf({ ...REPOSITORY, ...change }), cache)];
  }

  it('judges all anew by other settings', () => {
    const cache: ReadingCache = new Map();
    const files: Literal = { 'f.flag.yaml': flag('f', 'environments: { production: { enabled: false } }\n') };
    for (const settings of [FLAGSTAFF, GUARDED, 'environments: [staging]\n', FLAGSTAFF]) {
      const now = filesOf({ ...files, 'flagstaff.yaml': settings });
      expect(shown(compile(now, cache))).toBe(shown(compile(now)));
    }
  });

  it('leaves flags and segments whose files have not changed the objects that they were', () => {
    const [before, after] = both({ 'b.flag.yaml': flag('b', 'description: new\n') });
    for (const environment of ['development', 'staging', 'production']) {
      expect(flagOf(after, environment, 'a')).toBe(flagOf(before, environment, 'a'));
      expect(flagOf(after, environment, 'b')).not.toBe(flagOf(before, environment, 'b'));
    }
    const [old, now] = [before, after].map(({ snapshot }) => snapshot?.definitions.get('staging')?.segments[0]);
    expect(now).toBe(old);
  });

  it('leaves the definitions of environments that a change does not reach the objects that they were', () => {
    const [before, after] = both({ 'a.production.override.yaml': 'flag: a\nenvironment: production\ndefault: off\n' });
    const [old, now] = [before.snapshot?.definitions, after.snapshot?.definitions];
    expect(now?.get('staging')).toBe(old?.get('staging'));
    expect(now?.get('development')).toBe(old?.get('development'));
    expect(now?.get('production')).not.toBe(old?.get('production'));
  });

  it('makes flags anew where what they name has changed its type, or their slot has moved', () => {
    const string = 'key: b\ntype: string\nvariants: { on: x }\ndefault: on\n';
    const [before, retyped] = both({ 'b.flag.yaml': string });
    expect(flagOf(retyped, 'staging', 'a')).not.toBe(flagOf(before, 'staging', 'a'));
    const [old, moved] = both({ 'g.group.yaml': 'key: g\nslots: [{ flag: b, range: [0, 60] }]\n' });
    expect(flagOf(moved, 'staging', 'b')).not.toBe(flagOf(old, 'staging', 'b'));
    expect(flagOf(moved, 'staging', 'a')).toBe(flagOf(old, 'staging', 'a'));
  });
});
