import { describe, expect, it } from 'vitest';
import { diff } from '../../src/diff/diff.js';
import { reach, reachOf } from '../../src/diff/reach.js';
import { snapshotOf } from './snapshots.js';

const inSegment = (value: string, operator = 'in_segment') => [{ operator, value }];
const flag = (key: string, more: object) => ({
  [`${key}.flag.yaml`]: { key, type: 'boolean', default: 'off', ...more },
});
const segment = (key: string, more: object) => ({ [`${key}.segment.yaml`]: { key, ...more } });

const files = (country: string) => ({
  ...segment('base', { conditions: [{ attribute: 'country', operator: 'eq', value: country }] }),
  ...segment('child', { parent: 'base', included: ['u'] }),
  ...segment('asking', { conditions: inSegment('child', 'not_in_segment') }),
  ...segment('other', { included: ['u'] }),
  ...flag('direct', { rules: [{ name: 'Base', conditions: inSegment('base'), serve: 'on' }] }),
  ...flag('nested', {
    rules: [
      { name: 'Other', conditions: inSegment('other'), serve: 'on' },
      { conditions: [{ any: [{ not: inSegment('asking')[0] }] }], serve: 'on' },
    ],
    environments: { production: { rules: null } },
  }),
  ...flag('audience', { experiment: { conditions: inSegment('child'), split: { on: 50, off: 50 } } }),
  ...flag('dependent', { prerequisites: [{ flag: 'direct', variants: ['on'] }] }),
  ...flag('serving', {
    rules: [{ name: 'S', conditions: [{ flag: 'dependent', operator: 'serves', value: 'on' }], serve: 'on' }],
  }),
  ...flag('unrelated', { rules: [{ name: 'Other', conditions: inSegment('other'), serve: 'on' }] }),
  ...flag('gone', { state: 'archived', rules: [{ name: 'Base', conditions: inSegment('base'), serve: 'on' }] }),
});

describe('a segment', () => {
  const before = snapshotOf(files('DE'));
  const after = snapshotOf(files('FR'));

  it('reaches flags through parents, conditions, audiences and prerequisites', () => {
    const reached = reach('segment:base', after, new Set(['staging']));
    expect(reached).toEqual([
      {
        flag: 'audience',
        environment: 'staging',
        paths: ['/experiment/conditions'],
        via: ['segment:base', 'segment:child'],
      },
      {
        flag: 'dependent',
        environment: 'staging',
        paths: ['/prerequisites/direct'],
        via: ['segment:base', 'flag:direct'],
      },
      { flag: 'direct', environment: 'staging', paths: ['/rules/Base'], via: ['segment:base'] },
      {
        flag: 'nested',
        environment: 'staging',
        paths: ['/rules/rule 2'],
        via: ['segment:base', 'segment:child', 'segment:asking'],
      },
      {
        flag: 'serving',
        environment: 'staging',
        paths: ['/rules/S'],
        via: ['segment:base', 'flag:direct', 'flag:dependent'],
      },
    ]);
  });

  it('reaches only the environments whose rules ask', () => {
    const reached = reach('segment:asking', after);
    expect(reached.map(({ flag, environment }) => `${environment}/${flag}`)).toEqual([
      'development/nested',
      'staging/nested',
    ]);
  });

  it('is told with its change, once', () => {
    const [told, ...others] = reachOf(diff(before, after), before, after);
    expect(told).toMatchObject({ kind: 'segment', key: 'base' });
    expect(told?.reached).toHaveLength(14);
    expect(others).toEqual([]);
  });

  it('reaches nobody by what only people read', () => {
    const { 'base.segment.yaml': base, ...rest } = files('DE');
    const described = snapshotOf({ ...rest, 'base.segment.yaml': { ...base, description: 'Home', owner: 'a' } });
    expect(diff(before, described)).toHaveLength(2);
    expect(reachOf(diff(before, described), before, described)).toEqual([]);
  });

  it('that is not there any more reached those who asked before', () => {
    const { 'other.segment.yaml': _, ...rest } = files('DE');
    const without = snapshotOf({ ...rest, ...flag('unrelated', {}), ...flag('nested', {}) });
    const changes = diff(before, without).filter(({ kind }) => kind === 'segment_removed');
    expect(reachOf(changes, before, without)[0]?.reached.map(({ flag }) => flag)).toContain('unrelated');
  });
});

describe('a flag', () => {
  it('that changed in one environment reaches only there', () => {
    const before = snapshotOf(files('DE'));
    const changed = {
      environments: { staging: { enabled: false } },
      rules: [{ name: 'Base', conditions: inSegment('base'), serve: 'on' }],
    };
    const after = snapshotOf({ ...files('DE'), ...flag('direct', changed) });
    const [told] = reachOf(diff(before, after), before, after);
    expect(told?.reached.map(({ flag, environment }) => `${environment}/${flag}`)).toEqual([
      'staging/dependent',
      'staging/serving',
    ]);
  });

  it('is reached through a chain of thousands without overflow, and the way is told in short', () => {
    const chain = Array.from({ length: 3000 }, (_, at) =>
      segment(`s${at}`, at === 0 ? { included: ['u'] } : { parent: `s${at - 1}`, included: ['u'] }),
    );
    const snapshot = snapshotOf({
      ...Object.assign({}, ...chain),
      ...flag('end', { rules: [{ conditions: inSegment('s2999'), serve: 'on' }] }),
    });
    const [reached] = reach('segment:s0', snapshot, new Set(['production']));
    expect(reached?.flag).toBe('end');
    expect(reached?.via[0]).toBe('segment:s0');
    expect(reached?.via.at(-1)).toBe('segment:s2999');
    expect(reached?.via).toHaveLength(16);
  });
});

describe('a group', () => {
  it('reaches the flags that have a slot in it', () => {
    const experiment = { experiment: { split: { on: 50, off: 50 } } };
    const side = (range: [number, number]) =>
      snapshotOf({ ...flag('a', experiment), 'g.group.yaml': { key: 'g', slots: [{ flag: 'a', range }] } });
    const [before, after] = [side([0, 50]), side([0, 60])];
    expect(reachOf(diff(before, after), before, after)).toMatchObject([
      { kind: 'group', key: 'g', reached: [{ flag: 'a', paths: ['/experiment/slot'], via: ['group:g'] }, {}, {}] },
    ]);
  });
});
