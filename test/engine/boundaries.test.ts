import { describe, expect, it } from 'vitest';
import { boundariesOf, momentsOf, passed } from '../../src/engine/boundaries.js';
import type { Definitions } from '../../src/model/definitions.js';
import { compile } from '../../src/project/compile.js';
import { fillFlag } from '../conformance/load.js';

function definitionsOf(flags: Readonly<Record<string, string>>): Definitions {
  const files = Object.entries(flags).map(([key, text]) => ({
    path: `${key}.flag.yaml`,
    text: `key: ${key}\ntype: boolean\ndefault: off\n${text}`,
  }));
  const { snapshot, diagnostics } = compile([
    { path: 'flagstaff.yaml', text: 'environments: [production]\n' },
    ...files,
  ]);
  expect(diagnostics).toEqual([]);
  return snapshot?.definitions.get('production') ?? { environment: 'none', flags: [], segments: [] };
}

const on = (day: number) => Date.UTC(2026, 11, day);

describe('the moments at which time changes flags', () => {
  it('are starts, ends and steps, in order, each once', () => {
    const definitions = definitionsOf({
      sale: 'starts_at: 2026-12-05T00:00:00Z\nexpires_at: 2026-12-09T00:00:00Z\n',
      growth: [
        'rollout:',
        '  split: { on: 100 }',
        '  steps:',
        '    - { at: 2026-12-01T00:00:00Z, percent: 10 }',
        '    - { at: 2026-12-05T00:00:00Z, percent: 50 }',
        '',
      ].join('\n'),
      plain: '',
    });
    expect(boundariesOf(definitions)).toEqual([on(1), on(5), on(9)]);
    expect(boundariesOf(definitions)).toBe(boundariesOf(definitions));
  });

  it('are none of a flag that is archived', () => {
    expect(boundariesOf(definitionsOf({ gone: 'state: archived\nstarts_at: 2026-12-05T00:00:00Z\n' }))).toEqual([]);
  });

  it('are none where a date is no date, however it came here', () => {
    expect(momentsOf(fillFlag({ key: 'odd', type: 'boolean', default: 'off', starts_at: 'soon' }))).toEqual([]);
  });

  it('are over from their own millisecond on', () => {
    const times = [on(1), on(5)];
    expect([on(1) - 1, on(1), on(5) - 1, on(5), on(9)].map((now) => passed(times, now))).toEqual([0, 1, 1, 2, 2]);
  });
});
