import { afterEach, describe, expect, it } from 'vitest';
import { flagAges } from '../../src/history/ages.js';
import { uncommittedFlags } from '../../src/history/uncommitted.js';
import { readDirectory } from '../../src/sources/directory.js';
import { withRepository } from '../../src/sources/git.js';
import { makeRepository, type TestRepository } from '../repository.js';

const ALL = ['staging', 'production'];
const PROJECT = 'environments: [staging, production]\n';
const flag = (key: string, more = '') => `key: ${key}\ntype: boolean\ndefault: off\n${more}`;

let repository: TestRepository;
afterEach(() => repository.remove());

/** `KEY.ENVIRONMENT TIME`, `KEY created TIME`, with the day alone. */
async function ages(since = Number.NEGATIVE_INFINITY) {
  return withRepository(repository.dir, repository.environment, async (opened) => {
    const { flags, everyFlag, ...rest } = await flagAges(opened, await opened.resolve('HEAD'), {
      since,
      environments: ALL,
    });
    const day = (time: number) => new Date(time).toISOString().slice(0, 10);
    return {
      ...rest,
      told: [
        ...[...flags].flatMap(([key, { created, changed }]) => [
          ...(created === undefined ? [] : [`${key} created ${day(created)}`]),
          ...[...changed].map(([environment, time]) => `${key}.${environment} ${day(time)}`),
        ]),
        ...[...everyFlag].map(([environment, time]) => `*.${environment} ${day(time)}`),
      ].sort(),
    };
  });
}

describe('the ages of flags', () => {
  it('are not reset by comments, formatting, other names of files, or what only people read', async () => {
    repository = await makeRepository([
      { at: '2026-01-01T00:00:00Z', files: { 'flagstaff.yaml': PROJECT, 'one.flag.yaml': flag('one') } },
      { at: '2026-02-01T00:00:00Z', files: { 'one.flag.yaml': `# comment\n${flag('one')}` } },
      { at: '2026-02-02T00:00:00Z', files: { 'one.flag.yaml': `{ key: one, type: boolean, default: "off" }\n` } },
      { at: '2026-02-03T00:00:00Z', files: { 'one.flag.yaml': null, 'web/one.flag.yaml': flag('one') } },
      {
        at: '2026-02-04T00:00:00Z',
        files: {
          'web/one.flag.yaml': flag(
            'one',
            'owner: x\npurpose: release\ndescription: x\ntags: [x]\nremove_by: 2027-01-01\nsnooze: { until: 2027-01-01, reason: x }\n',
          ),
        },
      },
    ]);
    const still = ['one created 2026-01-01', 'one.production 2026-01-01', 'one.staging 2026-01-01'];
    expect((await ages()).told).toEqual(still);
    await repository.commit({
      at: '2026-03-01T00:00:00Z',
      files: { 'web/one.flag.yaml': flag('one', 'environments: { production: { default: on } }\n') },
    });
    expect((await ages()).told).toEqual([...still.with(1, 'one.production 2026-03-01')]);
  });

  it('are told of each of many flags that one commit makes or changes', async () => {
    const numbers = Array.from({ length: 260 }, (_, index) => index);
    const written = (of: (number: number) => string | null) =>
      Object.fromEntries(numbers.map((number) => [`f${number}.flag.yaml`, of(number)]));
    const name = (number: number) => `f${number}`;
    repository = await makeRepository([
      { at: '2026-01-01T00:00:00Z', files: { 'flagstaff.yaml': PROJECT, ...written((one) => flag(name(one))) } },
      {
        at: '2026-02-01T00:00:00Z',
        files: written((one) => {
          if (one === 7) return `${flag(name(one))}default: [\n`;
          return one % 2 === 0 ? flag(name(one), 'enabled: false\n') : `# ${one}\n${flag(name(one))}`;
        }),
      },
      { at: '2026-03-01T00:00:00Z', files: { 'f7.flag.yaml': flag('f7'), 'f8.flag.yaml': null } },
    ]);
    const day = (one: number) => (one === 8 ? '2026-03-01' : one % 2 === 0 ? '2026-02-01' : '2026-01-01');
    const told = numbers.flatMap((one) => [
      `${name(one)} created 2026-01-01`,
      ...ALL.map((environment) => `${name(one)}.${environment} ${day(one)}`),
    ]);
    expect((await ages()).told).toEqual(told.sort());
    const { 'f8.flag.yaml': _, ...left } = written((one) => (one === 9 ? flag('f9', 'enabled: false\n') : null));
    await repository.write(left);
    const { created, changed } = await withRepository(repository.dir, repository.environment, async (opened) =>
      uncommittedFlags(opened, await opened.resolve('HEAD'), await readDirectory(repository.dir)),
    );
    expect([created.size, changed.size, changed.has('f8')]).toEqual([0, 259, false]);
  });

  it('begin anew where a key comes back', async () => {
    repository = await makeRepository([
      { at: '2026-01-01T00:00:00Z', files: { 'flagstaff.yaml': PROJECT, 'one.flag.yaml': flag('one') } },
      { at: '2026-02-01T00:00:00Z', files: { 'one.flag.yaml': null } },
      { at: '2026-03-01T00:00:00Z', files: { 'one.flag.yaml': flag('one') } },
    ]);
    expect((await ages()).told).toEqual([
      'one created 2026-03-01',
      'one.production 2026-03-01',
      'one.staging 2026-03-01',
    ]);
  });

  it('begin anew where the slot of an experiment comes, moves or goes', async () => {
    const group = (slots: string) => `key: g\nslots: [${slots}]\n`;
    const experiment = (key: string) => flag(key, 'experiment: { split: { on: 50, off: 50 } }\n');
    repository = await makeRepository([
      {
        at: '2026-01-01T00:00:00Z',
        files: {
          'flagstaff.yaml': PROJECT,
          'one.flag.yaml': experiment('one'),
          'two.flag.yaml': experiment('two'),
          'g.group.yaml': group('{ flag: one, range: [0, 50] }, { flag: two, range: [50, 100] }'),
        },
      },
      { at: '2026-02-01T00:00:00Z', files: { 'g.group.yaml': group('{ flag: two, range: [50, 100] }') } },
    ]);
    expect((await ages()).told).toContain('one.production 2026-02-01');
    expect((await ages()).told).toContain('two.production 2026-01-01');
    await repository.commit({ at: '2026-03-01T00:00:00Z', files: { 'g.group.yaml': null } });
    expect((await ages()).told).toContain('two.production 2026-03-01');
  });

  it('begin anew for all where an environment comes to be protected', async () => {
    repository = await makeRepository([
      { at: '2026-01-01T00:00:00Z', files: { 'flagstaff.yaml': PROJECT, 'one.flag.yaml': flag('one') } },
      { at: '2026-02-01T00:00:00Z', files: { 'flagstaff.yaml': `${PROJECT}protected: [production]\n` } },
    ]);
    expect((await ages()).told).toContain('*.production 2026-02-01');
    expect((await ages()).told).not.toContain('*.staging 2026-02-01');
  });

  it('go back to the given time, past commits of a wrong clock', async () => {
    repository = await makeRepository([
      { at: '2026-01-01T00:00:00Z', files: { 'flagstaff.yaml': PROJECT, 'one.flag.yaml': flag('one') } },
      { at: '2026-03-02T00:00:00Z', files: { 'one.flag.yaml': flag('one', 'enabled: false\n') } },
      { at: '2001-01-01T00:00:00Z', files: { 'two.flag.yaml': flag('two') } },
      { at: '2026-03-04T00:00:00Z', files: { 'three.flag.yaml': flag('three') } },
    ]);
    const since = Date.parse('2026-03-01');
    expect(await ages(since)).toEqual({
      since,
      told: [
        'one.production 2026-03-02',
        'one.staging 2026-03-02',
        'three created 2026-03-04',
        'three.production 2026-03-04',
        'three.staging 2026-03-04',
        'two created 2026-03-02',
        'two.production 2026-03-02',
        'two.staging 2026-03-02',
      ],
    });
  });
});

describe('what is not committed', () => {
  async function uncommitted() {
    const files = await readDirectory(repository.dir);
    return withRepository(repository.dir, repository.environment, async (opened) => {
      const { created, changed } = await uncommittedFlags(opened, await opened.resolve('HEAD'), files);
      return { created: [...created].sort(), changed: [...changed].sort() };
    });
  }

  it('is told of flags that came and that mean something else, not of comments and moves', async () => {
    repository = await makeRepository([
      {
        files: {
          'flagstaff.yaml': PROJECT,
          'a.flag.yaml': flag('a'),
          'b.flag.yaml': flag('b'),
          'c.flag.yaml': flag('c'),
          'd.flag.yaml': flag('d'),
          'd.production.override.yaml': 'flag: d\nenvironment: production\ndefault: on\n',
        },
      },
    ]);
    expect(await uncommitted()).toEqual({ created: [], changed: [] });
    await repository.write({
      'a.flag.yaml': flag('a').replaceAll('\n', '\r\n'),
      'b.flag.yaml': flag('b', 'enabled: false\n'),
      'c.flag.yaml': null,
      'below/c.flag.yaml': `# moved\n${flag('c')}`,
      'd.production.override.yaml': null,
      'e.flag.yaml': flag('e'),
    });
    expect(await uncommitted()).toEqual({ created: ['e'], changed: ['b', 'd', 'e'] });
  });
});
