import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Compilation, check, compile } from '../../src/project/compile.js';
import type { ReadingCache } from '../../src/project/read-file.js';
import { step, taken } from './changing.js';
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

describe('compiling again', () => {
  it('gives what compiling anew gives, whatever was changed, broken, mended, removed and brought back', () => {
    let [snapshots, refusals] = [0, 0];
    fc.assert(
      fc.property(fc.array(step, { minLength: 5, maxLength: 25 }), (steps) => {
        const [cache, whole]: ReadingCache[] = [new Map(), new Map()];
        const history: Literal[] = [{ 'flagstaff.yaml': FLAGSTAFF }];
        for (const one of steps) {
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

  const b = (more: string) => `key: b\n${more}`;
  const experiment = 'experiment: { split: { on: 50, off: 50 } }\n';
  const asking = (more: string) => {
    const served = `{ flag: b, operator: serves, value: true }`;
    return flag('a', `rules: [{ conditions: [${served}, { operator: in_segment, value: s }], serve: on }]\n${more}`);
  };
  const START: Literal = {
    'flagstaff.yaml': FLAGSTAFF,
    'a.flag.yaml': asking(experiment),
    'b.flag.yaml': flag('b'),
    's.segment.yaml': 'key: s\nincluded: [u]\n',
  };
  const slots = (...members: readonly string[]) => members.map((one) => `  - { ${one} }\n`).join('');
  const BOTH = { 'g.group.yaml': `key: g\nslots:\n${slots('flag: b, range: [0, 50]', 'flag: a, range: [50, 90]')}` };
  const STATES: readonly Readonly<Record<string, string | undefined>>[] = [
    {},
    { 'b.flag.yaml': undefined },
    { 'b.flag.yaml': '[' },
    { 'b.flag.yaml': undefined, 'bb.flag.yaml': flag('b') },
    { 'b.flag.yaml': flag('b', 'state: archived\n') },
    { 'b.flag.yaml': flag('b', 'bucket_by: company\n') },
    { 'b.flag.yaml': b('type: string\nvariants: { "true": x, on: y }\ndefault: on\n') },
    { 'b.flag.yaml': b('type: string\nvariants: { on: y }\ndefault: on\n') },
    { 'b.flag.yaml': b('type: string\nvariants: { on: x, off: y }\ndefault: on\n') },
    { 's.segment.yaml': undefined },
    { 's.segment.yaml': '[' },
    { 's.segment.yaml': 'key: s\nconditions: [{ flag: a, operator: serves, value: on }]\n' },
    { 's.segment.yaml': 'key: s\nparent: t\nincluded: [u]\n', 't.segment.yaml': 'key: t\nparent: s\nincluded: [u]\n' },
    { 's.segment.yaml': 'key: s\nparent: t\nincluded: [u]\n', 't.segment.yaml': 'key: t\nincluded: [u]\n' },
    { 'g.group.yaml': `key: g\nslots:\n${slots('flag: a, range: [0, 50]')}` },
    { 'g.group.yaml': `key: g\nslots:\n${slots('flag: a, range: [0, 60]')}` },
    BOTH,
    { ...BOTH, 'b.flag.yaml': flag('b', 'bucket_by: company\n') },
    { 'h.group.yaml': `key: h\nslots:\n${slots('flag: a, range: [0, 50]')}` },
    { 'flagstaff.yaml': GUARDED },
    { 'flagstaff.yaml': 'environments: [production, staging]\n' },
  ];

  it('forgets what has come to be otherwise, from any of these states to any other and back', () => {
    const states = STATES.map((changes) => {
      return filesOf(Object.fromEntries(Object.entries({ ...START, ...changes }).filter(hasText)));
    });
    const alone = states.map((files) => shown(compile(files)));
    for (const [from, first] of states.entries()) {
      for (const [to, second] of states.entries()) {
        const cache: ReadingCache = new Map();
        expect(shown(compile(first, cache))).toBe(alone[from]);
        expect(shown(compile(second, cache))).toBe(alone[to]);
        expect(shown(compile(first, cache))).toBe(alone[from]);
      }
    }
    const passing = states.filter((files) => compile(files).snapshot !== undefined);
    expect(passing.length).toBe(11);
  });

  function hasText(entry: [path: string, text: string | undefined]): entry is [string, string] {
    return entry[1] !== undefined;
  }

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
