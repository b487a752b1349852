import { describe, expect, it } from 'vitest';
import { compile, createEvaluator, evaluate, lint, type Snapshot } from '../src/index.js';

const now = Date.parse('2026-12-01T12:00:00Z');

const files = [
  { path: 'flagstaff.yaml', text: 'environments: [development, production]\n' },
  {
    path: 'a.flag.yaml',
    text: 'key: a\ntype: string\nowner: me\nvariants: { x: one, y: two }\ndefault: x\nenvironments: { production: { default: y } }\n',
  },
  { path: 'b.flag.yaml', text: 'key: b\ntype: boolean\nowner: me\ndefault: null\n' },
];

function snapshotOf(): Snapshot {
  const { snapshot, diagnostics } = compile(files);
  if (snapshot === undefined) throw new Error(JSON.stringify(diagnostics));
  return snapshot;
}

describe('the public functions', () => {
  it('evaluate in the default environment, or in the one named', () => {
    const snapshot = snapshotOf();
    expect(evaluate(snapshot, 'a', {}, { now })).toMatchObject({ value: 'one', variant: 'x', reason: 'STATIC' });
    expect(evaluate(snapshot, 'a', {}, { now, environment: 'production' })).toMatchObject({ value: 'two' });
  });

  it('give the default only where no variant is served', () => {
    const snapshot = snapshotOf();
    expect(evaluate(snapshot, 'a', {}, { now, default: 'mine' }).value).toBe('one');
    expect(evaluate(snapshot, 'b', {}, { now, default: true })).toMatchObject({ value: true, variant: null });
    expect(evaluate(snapshot, 'b', {}, { now }).value).toBeUndefined();
    expect(evaluate(snapshot, 'none', {}, { now, default: 7 })).toMatchObject({
      value: 7,
      variant: null,
      reason: 'ERROR_FALLBACK',
      error_code: 'FLAG_NOT_FOUND',
    });
  });

  it('answer for an environment that is not there', () => {
    expect(evaluate(snapshotOf(), 'a', {}, { now, environment: 'nowhere' })).toMatchObject({
      variant: null,
      reason: 'ERROR_FALLBACK',
      error_code: 'GENERAL',
      error_message: 'there is no environment `nowhere`',
    });
  });

  it('lint', () => {
    expect(lint(files, { now }).summary).toMatchObject({ errors: 0, files: 3 });
    expect(lint([{ path: 'a.flag.yaml', text: 'key: a' }], { now }).summary.errors).toBeGreaterThan(0);
  });

  it('compile evaluators', () => {
    const definitions = snapshotOf().definitions.get('production');
    expect(definitions && createEvaluator(definitions).keys).toEqual(['a', 'b']);
  });
});
