import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lint } from '../../src/lint/lint.js';
import { check } from '../../src/project/compile.js';
import type { ReadingCache } from '../../src/project/read-file.js';
import { codesOf, NOW } from './flag-repository.js';

const SETTINGS = [
  'environments: [production]\n',
  'environments: [production]\ncontext: { plan: { type: string }, s: { type: boolean } }\n',
  'environments: [production]\ncontext: { plan: { type: list } }\n',
];
const SEGMENTS = ['key: s\nincluded: [u]\n', 'key: s\nparent: t\nincluded: [u]\n'];
const OTHERS = [
  'key: other\ntype: boolean\ndefault: off\n',
  'key: other\ntype: string\nvariants: { on: x, "true": y, off: z }\ndefault: on\n',
];

/** What hides what, and what contradicts what, depends on the settings, the segments and the other flag. */
const CONDITIONS = [
  '{ attribute: plan, operator: eq, value: pro }',
  '{ attribute: plan, operator: eq, value: free }',
  '{ operator: in_segment, value: s }',
  '{ operator: not_in_segment, value: t }',
  '{ operator: in_segment, value: t }',
  '{ flag: other, operator: serves, value: on }',
  '{ flag: other, operator: serves, value: "true" }',
];

const conditions = fc.uniqueArray(fc.constantFrom(...CONDITIONS), { minLength: 1, maxLength: 2 });
const flagText = fc.array(conditions, { minLength: 1, maxLength: 3 }).map((rules) => {
  const lines = rules.map((all) => `  - { conditions: [${all.join(', ')}], serve: on }\n`);
  return `key: f\ntype: boolean\ndefault: off\nrules:\n${lines.join('')}`;
});
const step = fc.oneof(
  flagText.map((text) => ['f.flag.yaml', text] as const),
  fc.constantFrom(...SETTINGS).map((text) => ['flagstaff.yaml', text] as const),
  fc.constantFrom(...SEGMENTS).map((text) => ['s.segment.yaml', text] as const),
  fc.constantFrom(...OTHERS).map((text) => ['other.flag.yaml', text] as const),
);

describe('linting again', () => {
  it('says what linting anew says, whatever has changed around a flag', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(flagText, fc.array(step, { minLength: 3, maxLength: 12 }), (text, steps) => {
        const cache: ReadingCache = new Map();
        const files = new Map([
          ['flagstaff.yaml', SETTINGS[0] ?? ''],
          ['f.flag.yaml', text],
          ['other.flag.yaml', OTHERS[0] ?? ''],
          ['s.segment.yaml', SEGMENTS[0] ?? ''],
          ['t.segment.yaml', 'key: t\nincluded: [v]\n'],
        ]);
        for (const [path, after] of steps) {
          files.set(path, after);
          const now = [...files].map(([name, content]) => ({ path: name, text: content }));
          const again = lint(now, { now: NOW, checked: check(now, cache) });
          expect(again).toEqual(lint(now, { now: NOW }));
          for (const code of codesOf(again)) seen.add(code.slice(code.indexOf(' ') + 1));
        }
      }),
      { numRuns: 40 },
    );
    expect([...seen]).toEqual(expect.arrayContaining(['logic/shadowed-rule', 'logic/never-matches']));
  });
});
