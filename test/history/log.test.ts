import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LogEntry, readHistory } from '../../src/history/log.js';
import { flagsAt } from '../../src/history/place.js';
import { openRepository, type Repository } from '../../src/sources/git.js';
import { makeRepository, type TestRepository } from '../repository.js';

const PROJECT = 'environments: [development, production]\n';
const flag = (key: string, percent: number) =>
  `key: ${key}\ntype: boolean\ndefault: off\nrollout: { split: { on: ${percent} } }\n`;
const segment = (key: string, country: string) =>
  `key: ${key}\nconditions: [{ attribute: country, operator: eq, value: ${country} }]\n`;

const made: (TestRepository | Repository)[] = [];

afterAll(async () => {
  for (const one of made) await ('remove' in one ? one.remove() : one.close());
});

async function make(...literals: Parameters<typeof makeRepository>): Promise<TestRepository> {
  const repository = await makeRepository(...literals);
  made.push(repository);
  return repository;
}

/** Each commit's place among those made, with what it changed in words. */
async function story(real: TestRepository, key?: string, dir = real.dir, from = 'HEAD'): Promise<unknown[]> {
  return (await entries(real, key, dir, from)).entries.map(({ commit, changes, invalid }) => {
    const texts = changes.map(({ key, text }) => `${key}: ${text}`);
    return [real.commits.indexOf(commit.oid), ...texts, ...invalid.map(({ file, code }) => `${file} ${code}`)];
  });
}

async function entries(real: TestRepository, key?: string, dir = real.dir, from = 'HEAD') {
  const repository = await openRepository(dir, real.environment);
  made.push(repository);
  const start = await repository.resolve(from);
  const history = await readHistory(await flagsAt(repository, start), start, key);
  const found: LogEntry[] = [];
  for await (const entry of history.entries) found.push(entry);
  return { entries: found, cutOffAt: history.cutOffAt() };
}

describe('the history of a repository', () => {
  let real: TestRepository;

  beforeAll(async () => {
    real = await make([
      { files: { 'README.md': 'hello' } },
      { files: { 'flags/flagstaff.yaml': PROJECT, 'flags/a.flag.yaml': flag('a', 10) } },
      { files: { 'flags/a.flag.yaml': `# why\n${flag('a', 10)}` } },
      { files: { 'flags/a.flag.yaml': flag('a', 20), 'flags/b.flag.yaml': flag('b', 5) } },
      { files: { 'flags/eu.segment.yaml': segment('eu', 'DE') } },
      { files: { 'README.md': 'hello again' } },
      { files: { 'flags/flagstaff.yaml': 'environments: [development, staging, production]\n' } },
      { files: { 'flags/eu.segment.yaml': segment('eu', 'FR'), 'flags/b.flag.yaml': null } },
    ]);
  });

  it('tells what each commit changed in meaning, newest first', async () => {
    expect(await story(real, undefined, real.path('flags'))).toEqual([
      [7, 'b: removed', 'eu: country is DE → country is FR'],
      [6, 'flagstaff.yaml: environments: +staging'],
      [4, 'eu: created: country is DE'],
      [3, 'a: rollout on 10% → 20%', 'b: created (boolean); rollout on 5%, else off'],
      [2],
      [1, 'a: created (boolean); rollout on 10%, else off'],
    ]);
  });

  it('tells the story of one key', async () => {
    expect(await story(real, 'a', real.path('flags'))).toEqual([
      [3, 'a: rollout on 10% → 20%'],
      [2],
      [1, 'a: created (boolean); rollout on 10%, else off'],
    ]);
    expect(await story(real, 'eu', real.path('flags'))).toEqual([
      [7, 'eu: country is DE → country is FR'],
      [4, 'eu: created: country is DE'],
    ]);
  });

  it('knows flags that are gone', async () => {
    expect(await story(real, 'b', real.path('flags'))).toEqual([
      [7, 'b: removed'],
      [3, 'b: created (boolean); rollout on 5%, else off'],
    ]);
  });

  it('refuses a key that never was', async () => {
    await expect(story(real, 'eo', real.path('flags'))).rejects.toMatchObject({
      code: 'not-found',
      help: 'did you mean `eu`?',
    });
  });

  it('finds the flags of a repository that is asked at its top', async () => {
    expect(await story(real, 'eu')).toHaveLength(2);
  });

  it('begins where it is told to', async () => {
    expect(await story(real, 'a', real.path('flags'), 'HEAD~5')).toEqual([
      [2],
      [1, 'a: created (boolean); rollout on 10%, else off'],
    ]);
  });
});

describe('identity is the key', () => {
  it('follows a file that moves, and one that is renamed and changed at once', async () => {
    const real = await make([
      { files: { 'flagstaff.yaml': PROJECT, 'old-name.flag.yaml': flag('a', 10) } },
      { files: { 'old-name.flag.yaml': null, 'team/a.flag.yaml': flag('a', 10) } },
      { files: { 'team/a.flag.yaml': null, 'other/team/a.flag.yaml': flag('a', 30) } },
    ]);
    const expected = [[2, 'a: rollout on 10% → 30%'], [1], [0, 'a: created (boolean); rollout on 10%, else off']];
    expect(await story(real, 'a')).toEqual(expected);
    expect(await story(real)).toEqual(expected);
  });

  it('tells two flags apart that swap their files', async () => {
    const real = await make([
      { files: { 'flagstaff.yaml': PROJECT, 'a.flag.yaml': flag('a', 10), 'b.flag.yaml': flag('b', 20) } },
      { files: { 'a.flag.yaml': flag('b', 20), 'b.flag.yaml': flag('a', 11) } },
    ]);
    expect(await story(real)).toEqual([
      [1, 'a: rollout on 10% → 11%'],
      [0, expect.stringMatching(/^a: created/), expect.stringMatching(/^b: created/)],
    ]);
  });

  it('finds a key in a file that is named after another', async () => {
    const real = await make([
      { files: { 'flagstaff.yaml': PROJECT, 'x.flag.yaml': '{ "key": "a", "type": "boolean", "default": "off" }\n' } },
      { files: { 'x.flag.yaml': '{ "key": "a", "type": "boolean", "default": "on" }\n' } },
    ]);
    expect(await story(real, 'a')).toEqual([
      [1, 'a: default off → on', 'a: off_variant off → on'],
      [0, 'a: created (boolean); serves off'],
    ]);
  });

  it('follows the whole flags directory when it moves', async () => {
    const real = await make([
      {
        files: { 'flags/flagstaff.yaml': PROJECT, 'flags/a.flag.yaml': flag('a', 10), 'app/x.flag.yaml': flag('x', 1) },
      },
      { files: { 'flags/a.flag.yaml': flag('a', 20) } },
      {
        files: {
          'flags/flagstaff.yaml': null,
          'flags/a.flag.yaml': null,
          'config/flags/flagstaff.yaml': PROJECT,
          'config/flags/a.flag.yaml': flag('a', 20),
        },
      },
      { files: { 'config/flags/a.flag.yaml': flag('a', 30) } },
    ]);
    const expected = [
      [3, 'a: rollout on 20% → 30%'],
      [2],
      [1, 'a: rollout on 10% → 20%'],
      [0, 'a: created (boolean); rollout on 10%, else off'],
    ];
    expect(await story(real, 'a', real.path('config/flags'))).toEqual(expected);
    expect(await story(real, undefined, real.path('config/flags'))).toEqual(expected);
  });
});

describe('what a flag means depends on other files', () => {
  it('its override files count', async () => {
    const protects = `${PROJECT}protected: [production]\n`;
    const override = (variant: string) => `flag: a\nenvironment: production\ndefault: ${variant}\n`;
    const real = await make([
      { files: { 'flagstaff.yaml': protects, 'a.flag.yaml': flag('a', 10) } },
      { files: { 'prod/a.production.override.yaml': override('off') } },
      { files: { 'prod/a.production.override.yaml': override('on') } },
      { files: { 'prod/a.production.override.yaml': null } },
      { files: { 'flagstaff.yaml': PROJECT } },
    ]);
    expect(await story(real, 'a')).toEqual([
      [
        4,
        'a: production: enabled false → true',
        "a: production: default the caller's default → off",
        "a: production: off_variant the caller's default → off",
        'a: production: rollout added: on 10%',
      ],
      [
        3,
        'a: production: enabled true → false',
        "a: production: default on → the caller's default",
        "a: production: off_variant on → the caller's default",
      ],
      [2, 'a: production: default off → on', 'a: production: off_variant off → on'],
      [
        1,
        'a: production: enabled false → true',
        "a: production: default the caller's default → off",
        "a: production: off_variant the caller's default → off",
      ],
      [0, expect.stringMatching(/^a: created/)],
    ]);
  });

  it('so does the slot that a group gives its experiment', async () => {
    const experiment = 'key: a\ntype: boolean\ndefault: off\nexperiment: { split: { on: 50, off: 50 } }\n';
    const group = (end: number) => `key: g\nslots: [{ flag: a, range: [0, ${end}] }]\n`;
    const real = await make([
      { files: { 'flagstaff.yaml': PROJECT, 'a.flag.yaml': experiment, 'g.group.yaml': group(50) } },
      { files: { 'g.group.yaml': group(60) } },
      { files: { 'g.group.yaml': `# wider\n${group(60)}` } },
    ]);
    const [newest, ...older] = (await story(real, 'a')) as string[][];
    expect(newest).toEqual([1, 'g: slot of a 0% to 50% → 0% to 60%']);
    expect(older).toEqual([[0, expect.stringMatching(/^a: created/), 'g: created: a 0% to 50%']]);
    expect(await story(real, 'g')).toEqual([
      [2],
      [1, 'g: slot of a 0% to 50% → 0% to 60%'],
      [0, 'g: created: a 0% to 50%'],
    ]);
  });

  it("`true` for a prerequisite's variant means `on`", async () => {
    const asking = (variant: string) =>
      `key: a\ntype: boolean\ndefault: off\nprerequisites: [{ flag: b, variants: [${variant}] }]\n`;
    const real = await make([
      { files: { 'flagstaff.yaml': PROJECT, 'b.flag.yaml': flag('b', 1), 'a.flag.yaml': asking('true') } },
      { files: { 'a.flag.yaml': asking('on') } },
    ]);
    expect((await story(real, 'a'))[0]).toEqual([1]);
  });
});

describe('commits that are not valid', () => {
  it('are shown, and what is valid again is compared with what was valid last', async () => {
    const real = await make([
      { files: { 'flagstaff.yaml': PROJECT, 'a.flag.yaml': flag('a', 10), 'b.flag.yaml': flag('b', 1) } },
      { files: { 'a.flag.yaml': 'key: a\ntype: [\n' } },
      { files: { 'a.flag.yaml': 'key: a\ntype: on\n', 'b.flag.yaml': flag('b', 2) } },
      { files: { 'a.flag.yaml': flag('a', 30) } },
    ]);
    const expected = [
      [3, 'a: rollout on 10% → 30%'],
      [2, 'a.flag.yaml schema/missing-key'],
      [1, 'a.flag.yaml syntax/invalid-yaml'],
      [0, 'a: created (boolean); rollout on 10%, else off'],
    ];
    expect(await story(real, 'a')).toEqual(expected);
    const all = (await story(real)) as string[][];
    expect(all[1]).toEqual([2, 'b: rollout on 1% → 2%', 'a.flag.yaml schema/missing-key']);
  });

  it('do not end a history that begins or ends with them', async () => {
    const real = await make([
      { files: { 'flagstaff.yaml': PROJECT, 'a.flag.yaml': 'key: a\ntype: on\n' } },
      { files: { 'a.flag.yaml': flag('a', 30) } },
      { files: { 'a.flag.yaml': Buffer.from([0x6b, 0xe9]) } },
    ]);
    expect(await story(real, 'a')).toEqual([
      [2, 'a.flag.yaml syntax/not-utf8'],
      [1, 'a: created (boolean); rollout on 30%, else off'],
      [0, 'a.flag.yaml schema/missing-key'],
    ]);
  });

  it('with a broken `flagstaff.yaml` are read as if it still said what it said', async () => {
    const real = await make([
      { files: { 'flagstaff.yaml': PROJECT, 'a.flag.yaml': flag('a', 10) } },
      { files: { 'flagstaff.yaml': 'environments: 1\n' } },
      { files: { 'a.flag.yaml': flag('a', 20) } },
      { files: { 'flagstaff.yaml': PROJECT } },
    ]);
    expect(await story(real)).toEqual([
      [3],
      [2, 'a: rollout on 10% → 20%'],
      [1, 'flagstaff.yaml schema/wrong-type'],
      [0, 'a: created (boolean); rollout on 10%, else off'],
    ]);
    expect(await story(real, 'a')).toEqual([
      [2, 'a: rollout on 10% → 20%'],
      [0, 'a: created (boolean); rollout on 10%, else off'],
    ]);
  });
});

describe('unusual histories', () => {
  it('a merge stands for what it brought', async () => {
    const real = await make([
      { files: { 'flagstaff.yaml': PROJECT, 'a.flag.yaml': flag('a', 10) } },
      { on: 'feature', files: { 'a.flag.yaml': flag('a', 20) } },
      { on: 'feature', files: { 'a.flag.yaml': flag('a', 30) } },
      { on: 'main', files: { 'b.flag.yaml': flag('b', 1) } },
      { on: 'main', merge: 'feature' },
    ]);
    expect(await story(real, 'a')).toEqual([
      [4, 'a: rollout on 10% → 30%'],
      [0, 'a: created (boolean); rollout on 10%, else off'],
    ]);
  });

  it('a shallow clone does not call new what it cannot see the beginning of', async () => {
    const real = await make([
      { files: { 'flagstaff.yaml': PROJECT, 'a.flag.yaml': flag('a', 10) } },
      { files: { 'a.flag.yaml': flag('a', 20) } },
      { files: { 'a.flag.yaml': flag('a', 30) } },
    ]);
    const shallow = real.path('..', 'shallow');
    await real.git('clone', '--quiet', '--depth=2', `file://${real.dir}`, shallow);
    for (const key of ['a', undefined]) {
      const { entries: found, cutOffAt } = await entries(real, key, shallow);
      expect(found.map(({ changes }) => changes.map(({ text }) => text))).toEqual([['rollout on 20% → 30%']]);
      expect(cutOffAt).toBe(real.commits[1]);
    }
  });

  it('a bare repository has a history', async () => {
    const real = await make([
      { files: { 'flags/flagstaff.yaml': PROJECT, 'flags/a.flag.yaml': flag('a', 10) } },
      { files: { 'flags/a.flag.yaml': flag('a', 20) } },
    ]);
    const bare = real.path('..', 'bare.git');
    await real.git('clone', '--quiet', '--bare', real.dir, bare);
    expect(await story(real, 'a', bare)).toHaveLength(2);
  });

  it('links and files in hidden folders have none', async () => {
    const { symlink } = await import('node:fs/promises');
    const real = await make([{ files: { 'flagstaff.yaml': PROJECT, 'a.flag.yaml': flag('a', 10) } }]);
    await symlink('a.flag.yaml', real.path('z.flag.yaml'));
    await real.commit({ files: { '.hidden/b.flag.yaml': flag('b', 1), 'node_modules/c.flag.yaml': flag('c', 1) } });
    expect(await story(real)).toHaveLength(1);
  });
});
