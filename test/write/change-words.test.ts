import { describe, expect, it } from 'vitest';
import { deltaOf } from '../../src/diff/delta.js';
import { compile } from '../../src/project/compile.js';
import { messageWords } from '../../src/write/change-words.js';
import { orderedFields } from '../../src/write/fields.js';
import { filesOf, GUARDED, type Literal, projectOf } from '../project/files.js';

const flag = (more: string) => `key: a\ntype: boolean\ndefault: off\n${more}`;
const guarded = (more: string) => `flag: a\nenvironment: production\ndefault: off\n${more}`;

function wordsOf(before: Literal, after: Literal, key = 'a'): string[] {
  const all = [before, after].map((files) => ({ 'flagstaff.yaml': GUARDED, ...files }));
  const [old, now] = all.map((files) => compile(filesOf(files)).snapshot);
  if (old === undefined || now === undefined) throw new Error('the flags cannot be served');
  return messageWords(deltaOf(old, now, { from: 'a', to: 'b', now: 0 }), key, projectOf(all[1] ?? {}));
}

describe('the words of a commit', () => {
  it('go without environments where all that are open have the same change', () => {
    expect(wordsOf({ 'a.flag.yaml': flag('') }, { 'a.flag.yaml': flag('enabled: false\n') })).toEqual([
      'enabled true → false',
    ]);
  });

  it('name the environments where it is another one', () => {
    const staging = 'environments: { staging: { enabled: false } }\n';
    expect(wordsOf({ 'a.flag.yaml': flag('') }, { 'a.flag.yaml': flag(staging) })).toEqual([
      'staging: enabled true → false',
    ]);
    const files = { 'a.flag.yaml': flag('') };
    const before = { ...files, 'a.production.override.yaml': guarded('') };
    const after = { ...files, 'a.production.override.yaml': guarded('enabled: false\n') };
    expect(wordsOf(before, after)).toEqual(['production: enabled true → false']);
  });

  it('begin with what the commit is about, and name what else has changed', () => {
    const segment = (ids: string) => `key: b\nincluded: [${ids}]\n`;
    const before = { 'a.flag.yaml': flag(''), 'b.segment.yaml': segment('x') };
    const after = { 'a.flag.yaml': flag('description: x\n'), 'b.segment.yaml': segment('x, y') };
    const [first, second, ...more] = wordsOf(before, after, 'b');
    expect([first, second, more]).toEqual([
      expect.not.stringMatching(/^[ab]: /),
      expect.stringMatching(/^a: description/),
      [],
    ]);
  });
});

it('fields come in the order in which they are best read, strange ones last', () => {
  const fields = { odd: 1, rules: [], default: 'off', type: 'boolean', key: 'a' };
  expect(Object.keys(orderedFields(fields))).toEqual(['key', 'type', 'default', 'rules', 'odd']);
});
