import { describe, expect, it } from 'vitest';
import type { Flag } from '../../src/model/flag.js';
import { behaviourIn } from '../../src/project/behaviour.js';
import { resolve } from '../../src/project/resolve.js';
import { compiled, flag, GUARDED, type Literal, projectOf } from './files.js';

function flagIn(environment: string, literal: Literal, key = 'f'): Flag | undefined {
  return resolve(projectOf(literal), environment).flags.find((one) => one.key === key);
}

describe('a flag in an environment', () => {
  it('has every default filled in', () => {
    expect(flagIn('staging', { 'f.flag.yaml': flag('f') })).toEqual({
      key: 'f',
      type: 'boolean',
      state: 'active',
      tags: [],
      metadata: {},
      expose: ['server'],
      variants: { on: true, off: false },
      bucket_by: 'targetingKey',
      seed: 'f',
      enabled: true,
      default: 'off',
      off_variant: 'off',
      overrides: {},
      prerequisites: [],
      rules: [],
    });
  });

  it('has everything that is written, in the words of the model', () => {
    const text = `key: f
description: d
type: string
owner: o
tags: [t]
purpose: release
metadata: { a: 1 }
expose: [client]
state: archived
variants: { a: x, b: y }
bucket_by: company
seed: ''
enabled: false
default: null
off_variant: a
starts_at: 2027-01-01
expires_at: 2027-02-01
overrides: { a: [u] }
prerequisites: [{ flag: g, variants: [true] }]
rules:
  - conditions: [{ flag: g, operator: serves, value: true }]
    serve: a
  - name: named
    conditions: [{ any: [{ not: { flag: h, operator: serves, value: [x, y] } }, { all: [{ attribute: n, operator: exists }] }] }]
    split: { b: 99.5, a: 0.5 }
rollout:
  split: { b: 100 }
  steps: [{ at: 2027-01-01, percent: 5 }, { at: 2027-01-02, split: { a: 1 } }]
`;
    expect(
      flagIn('staging', {
        'f.flag.yaml': text,
        'g.flag.yaml': flag('g'),
        'h.flag.yaml': text.replace('key: f', 'key: h'),
      }),
    ).toEqual({
      key: 'f',
      description: 'd',
      type: 'string',
      owner: 'o',
      tags: ['t'],
      purpose: 'release',
      metadata: { a: 1 },
      expose: ['client'],
      state: 'archived',
      variants: { a: 'x', b: 'y' },
      bucket_by: 'company',
      seed: '',
      enabled: false,
      default: null,
      off_variant: 'a',
      starts_at: '2027-01-01',
      expires_at: '2027-02-01',
      overrides: { a: ['u'] },
      prerequisites: [{ flag: 'g', variants: ['on'] }],
      rules: [
        { name: 'rule 1', conditions: [{ flag: 'g', operator: 'serves', value: ['on'] }], serve: 'a' },
        {
          name: 'named',
          conditions: [
            {
              any: [
                { not: { flag: 'h', operator: 'serves', value: ['x', 'y'] } },
                { all: [{ attribute: 'n', operator: 'exists' }] },
              ],
            },
          ],
          split: [
            { variant: 'b', percent: 99.5 },
            { variant: 'a', percent: 0.5 },
          ],
        },
      ],
      rollout: {
        split: [{ variant: 'b', percent: 100 }],
        steps: [
          { at: '2027-01-01', percent: 5 },
          { at: '2027-01-02', split: [{ variant: 'a', percent: 1 }] },
        ],
      },
    });
  });

  it('has the group slot in its experiment', () => {
    const literal = {
      'f.flag.yaml': flag(
        'f',
        'experiment: { hypothesis: h, percent: 20, conditions: [{ attribute: a, operator: exists }], split: { on: 50, off: 50 } }\n',
      ),
      'g.flag.yaml': flag('g', 'experiment: { split: { on: 50, off: 50 } }\n'),
      'x.group.yaml': 'key: x\nslots: [{ flag: f, range: [0, 50] }]\n',
    };
    expect(flagIn('staging', literal)?.experiment).toEqual({
      hypothesis: 'h',
      conditions: [{ attribute: 'a', operator: 'exists' }],
      percent: 20,
      split: [
        { variant: 'on', percent: 50 },
        { variant: 'off', percent: 50 },
      ],
      slot: { group: 'x', range: [0, 50] },
    });
    expect(flagIn('staging', literal, 'g')?.experiment).not.toHaveProperty('slot');
  });

  it('has `true` and `false` for `on` and `off` anywhere, if it is boolean', () => {
    const text = `key: f
type: boolean
default: false
off_variant: true
overrides: { true: [a], false: [b], on: [c] }
rules:
  - conditions: [{ attribute: a, operator: exists }]
    serve: true
rollout: { split: { true: 10, false: 20 } }
`;
    const resolved = flagIn('staging', { 'f.flag.yaml': text });
    expect(resolved).toMatchObject({ default: 'off', off_variant: 'on', overrides: { on: ['a', 'c'], off: ['b'] } });
    expect(resolved?.rules[0]?.serve).toBe('on');
    expect(resolved?.rollout?.split).toEqual([
      { variant: 'on', percent: 10 },
      { variant: 'off', percent: 20 },
    ]);
  });

  it('that names a flag which is not there is resolved all the same', () => {
    const text = flag(
      'f',
      'prerequisites: [{ flag: x, variants: [on] }]\nrules:\n  - conditions: [{ flag: x, operator: serves, value: on }]\n    serve: on\n',
    );
    expect(flagIn('staging', { 'f.flag.yaml': text })?.prerequisites).toEqual([{ flag: 'x', variants: ['on'] }]);
  });
});

describe('what an environment gives', () => {
  const own = 'enabled: false\noff_variant: on\nstarts_at: 2027-01-01\nrollout: { split: { on: 10 } }\n';

  it('replaces a key whole; what it does not give is inherited', () => {
    const text = flag('f', `${own}environments: { staging: { enabled: true, rollout: { split: { off: 5 } } } }\n`);
    expect(flagIn('staging', { 'f.flag.yaml': text })).toMatchObject({
      enabled: true,
      off_variant: 'on',
      starts_at: '2027-01-01',
      rollout: { split: [{ variant: 'off', percent: 5 }] },
    });
    expect(flagIn('development', { 'f.flag.yaml': text })).toMatchObject({ enabled: false });
  });

  it('removes a key with `null`', () => {
    const text = flag(
      'f',
      `${own}environments: { staging: { enabled: null, default: null, off_variant: null, starts_at: null, rollout: null } }\n`,
    );
    const resolved = flagIn('staging', { 'f.flag.yaml': text });
    expect(resolved).toMatchObject({ enabled: true, default: null, off_variant: null });
    expect(resolved).not.toHaveProperty('starts_at');
    expect(resolved).not.toHaveProperty('rollout');
  });

  it('drops the experiment with a rollout, and the reverse', () => {
    const rolling = flag('f', `${own}environments: { staging: { experiment: { split: { on: 100 } } } }\n`);
    expect(flagIn('staging', { 'f.flag.yaml': rolling })).not.toHaveProperty('rollout');
    const trying = flag(
      'f',
      'experiment: { split: { on: 100 } }\nenvironments: { staging: { rollout: { split: { on: 1 } } } }\n',
    );
    expect(flagIn('staging', { 'f.flag.yaml': trying })).not.toHaveProperty('experiment');
    const removing = flag('f', 'experiment: { split: { on: 100 } }\nenvironments: { staging: { rollout: null } }\n');
    expect(flagIn('staging', { 'f.flag.yaml': removing })).toHaveProperty('experiment');
  });

  it('may stand in an override file', () => {
    const literal = {
      'f.flag.yaml': flag('f', own),
      'f.staging.override.yaml': 'flag: f\nenvironment: staging\nenabled: true\n',
    };
    expect(flagIn('staging', literal)).toMatchObject({ enabled: true, off_variant: 'on' });
    expect(compiled(literal).diagnostics).toEqual([]);
  });
});

describe('a protected environment', () => {
  const does = flag('f', 'enabled: true\nrollout: { split: { on: 100 } }\nmetadata: { a: 1 }\nexpose: [client]\n');

  it('inherits what a flag is, not what it does', () => {
    const resolved = flagIn('production', { 'flagstaff.yaml': GUARDED, 'f.flag.yaml': does });
    expect(resolved).toMatchObject({
      enabled: false,
      default: null,
      off_variant: null,
      metadata: { a: 1 },
      expose: ['client'],
    });
    expect(resolved).not.toHaveProperty('rollout');
  });

  it('does what its override file says, and nothing else', () => {
    const override = 'flag: f\nenvironment: production\ndefault: on\n';
    const resolved = flagIn('production', {
      'flagstaff.yaml': GUARDED,
      'f.flag.yaml': does,
      'f.production.override.yaml': override,
    });
    expect(resolved).toMatchObject({ enabled: true, default: 'on', off_variant: 'on', rules: [] });
    expect(resolved).not.toHaveProperty('rollout');
  });

  it('does not listen to the flag file', () => {
    const text = `${does}environments: { production: { enabled: true, default: on } }\n`;
    expect(flagIn('production', { 'flagstaff.yaml': GUARDED, 'f.flag.yaml': text })).toMatchObject({ enabled: false });
  });
});

it('flags and segments stand in the order of their keys, wherever their files are', () => {
  const { flags, segments } = resolve(
    projectOf({
      'a/y.flag.yaml': flag('y'),
      'b/x.flag.yaml': flag('x'),
      'c/z.flag.yaml': flag('z'),
      'a/t.segment.yaml': 'key: t\nincluded: [u]\n',
      'b/s.segment.yaml': 'key: s\nincluded: [u]\n',
    }),
    'staging',
  );
  expect(flags.map(({ key }) => key)).toEqual(['x', 'y', 'z']);
  expect(segments.map(({ key }) => key)).toEqual(['s', 't']);
});

it('a rollout may say by steps what it splits', () => {
  const text = flag('f', 'rollout: { steps: [{ at: 2027-01-01, split: { on: 5 } }] }\n');
  expect(flagIn('staging', { 'f.flag.yaml': text })?.rollout).toEqual({
    steps: [{ at: '2027-01-01', split: [{ variant: 'on', percent: 5 }] }],
  });
  expect(compiled({ 'f.flag.yaml': text }).diagnostics).toEqual([]);
});

it('a segment has its defaults filled in', () => {
  const project = projectOf({
    's.segment.yaml': 'key: s\nincluded: [u]\n',
    't.segment.yaml':
      'key: t\ndescription: d\nparent: s\nenabled: false\nexcluded: [v]\nconditions: [{ attribute: a, operator: exists }]\n',
  });
  expect(resolve(project, 'staging').segments).toEqual([
    { key: 's', enabled: true, conditions: [], included: ['u'], excluded: [] },
    {
      key: 't',
      description: 'd',
      parent: 's',
      enabled: false,
      conditions: [{ attribute: 'a', operator: 'exists' }],
      included: [],
      excluded: ['v'],
    },
  ]);
});

it('a flag that is not there does nothing', () => {
  expect(behaviourIn(projectOf({}), 'f', 'staging')).toEqual({ enabled: false, default: null, off_variant: null });
});
