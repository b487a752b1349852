import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main } from '../../src/cli/main.js';
import { memoryTerminal } from '../cli/memory-terminal.js';
import { violations } from '../cli/schemas.js';
import { makeRepository, type TestRepository } from '../repository.js';

const PROJECT = 'environments: [development, production]\n';

const rule = (name: string | undefined, plan: string, serve: string) =>
  `  - ${name === undefined ? '' : `name: ${name}\n    `}conditions: [{ attribute: plan, operator: eq, value: ${plan} }]\n    serve: ${serve}\n`;

const flag = (parts: { owner?: string; rules?: string; percent?: number; environments?: string }) =>
  [
    'key: a\ntype: boolean\ndefault: off\n',
    parts.owner === undefined ? '' : `owner: ${parts.owner}\n`,
    parts.rules === undefined ? '' : `rules:\n${parts.rules}`,
    parts.percent === undefined ? '' : `rollout: { split: { on: ${parts.percent} } }\n`,
    parts.environments === undefined ? '' : `environments:\n${parts.environments}`,
  ].join('');

const made: TestRepository[] = [];

afterAll(async () => {
  for (const repository of made) await repository.remove();
});

async function make(...literals: Parameters<typeof makeRepository>): Promise<TestRepository> {
  const repository = await makeRepository(...literals);
  made.push(repository);
  return repository;
}

async function run(real: TestRepository, argv: readonly string[], cwd = real.dir) {
  const terminal = { ...memoryTerminal({ cwd }), env: real.environment };
  const code = await main(['blame', ...argv], terminal);
  return { code, out: terminal.out(), err: terminal.err() };
}

/** Field and environments to the place of the commit among those made; `undefined`: not known. */
async function blamed(real: TestRepository, argv: readonly string[] = [], cwd = real.dir) {
  const { out, err } = await run(real, ['a', '--format', 'json', ...argv], cwd);
  expect(err).toBe('');
  const lines: { field: string; environments: string[]; version?: string }[] = JSON.parse(out);
  expect(violations('blame', lines)).toEqual([]);
  return Object.fromEntries(
    lines.map(({ field, environments, version }) => [
      [field, ...environments].join(' '),
      version === undefined ? undefined : real.commits.indexOf(version),
    ]),
  );
}

describe('flagstaff blame', () => {
  let real: TestRepository;

  beforeAll(async () => {
    real = await make([
      {
        files: { 'flagstaff.yaml': PROJECT, 'a.flag.yaml': flag({ owner: 'x', percent: 10 }) },
        author: 'Ada <a@e.org>',
      },
      { files: { 'a.flag.yaml': flag({ owner: 'x', percent: 20 }) }, author: 'Bob <b@e.org>', message: 'Grow it' },
      { files: { 'a.flag.yaml': `# a comment\n${flag({ owner: 'x', percent: 20 })}` } },
      { files: { 'a.flag.yaml': null, 'moved/a.flag.yaml': flag({ owner: 'y', percent: 20 }) } },
      { files: { 'moved/a.flag.yaml': flag({ owner: 'y', percent: 20, rules: rule('Pro', 'pro', 'on') }) } },
      {
        files: {
          'moved/a.flag.yaml': flag({
            owner: 'y',
            percent: 20,
            rules: rule('Pro', 'pro', 'on'),
            environments: '  production: { rollout: { split: { on: 5 } } }\n',
          }),
        },
      },
    ]);
  });

  it('names for each field the commit that last changed its meaning', async () => {
    expect(await blamed(real)).toEqual({
      type: 0,
      state: 0,
      'variant on': 0,
      'variant off': 0,
      bucket_by: 0,
      seed: 0,
      'exposed to': 0,
      owner: 3,
      enabled: 0,
      default: 0,
      off_variant: 0,
      'rule "Pro"': 4,
      'rollout development': 1,
      'rollout production': 5,
    });
  });

  it('looks at one environment, and at an earlier revision', async () => {
    expect(await blamed(real, ['--env', 'production'])).not.toHaveProperty('rollout development');
    expect(await blamed(real, ['--ref', 'HEAD~1'])).toMatchObject({ rollout: 1 });
  });

  it('is a table for people', async () => {
    const { out } = await run(real, ['a']);
    const line = out.split('\n').find((text) => text.includes('rollout') && text.includes('development'));
    expect(line).toMatch(new RegExp(`^${real.commits[1]?.slice(0, 12)}  2026-01-01 01:00 UTC  Bob .*rollout +on 20%$`));
  });

  it('refuses flags, environments and revisions that are not there', async () => {
    expect(await run(real, ['b'])).toMatchObject({ code: 2, err: expect.stringContaining('there is no flag `b`') });
    expect(await run(real, ['a', '--env', 'prodution'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('did you mean `production`?'),
    });
    expect(await run(real, ['a', '--ref', 'nope'])).toMatchObject({ code: 2 });
  });

  it('does not blame the oldest commit of a shallow clone', async () => {
    const shallow = real.path('..', 'shallow');
    await real.git('clone', '--quiet', '--depth=3', `file://${real.dir}`, shallow);
    expect(await blamed(real, [], shallow)).toMatchObject({ type: undefined, owner: undefined, 'rule "Pro"': 4 });
    expect((await run(real, ['a'], shallow)).out).toContain('not known');
  });
});

describe('rules', () => {
  it('keep their commit when they are renamed or get another number', async () => {
    const real = await make([
      {
        files: {
          'flagstaff.yaml': PROJECT,
          'a.flag.yaml': flag({ rules: rule('Old', 'pro', 'on') + rule(undefined, 'free', 'off') }),
        },
      },
      { files: { 'a.flag.yaml': flag({ rules: rule('New', 'pro', 'on') + rule(undefined, 'free', 'off') }) } },
      {
        files: {
          'a.flag.yaml': flag({
            rules: rule('First', 'team', 'on') + rule('New', 'pro', 'on') + rule(undefined, 'free', 'off'),
          }),
        },
      },
    ]);
    expect(await blamed(real)).toMatchObject({ 'rule "First"': 2, 'rule "New"': 0, 'rule 3': 0 });
  });

  it('are blamed on the commit that moved them', async () => {
    const [pro, free, team] = [rule('Pro', 'pro', 'on'), rule('Free', 'free', 'off'), rule('Team', 'team', 'on')];
    const real = await make([
      { files: { 'flagstaff.yaml': PROJECT, 'a.flag.yaml': flag({ rules: pro + free + team }) } },
      { files: { 'a.flag.yaml': flag({ rules: team + pro + free }) } },
    ]);
    expect(await blamed(real)).toMatchObject({ 'rule "Team"': 1, 'rule "Pro"': 0, 'rule "Free"': 0 });
  });
});

describe('what is not in the flag file', () => {
  it('an override file, a group and a new environment are blamed too', async () => {
    const experiment = 'key: a\ntype: boolean\ndefault: off\nexperiment: { split: { on: 50, off: 50 } }\n';
    const real = await make([
      { files: { 'flagstaff.yaml': PROJECT, 'a.flag.yaml': experiment } },
      { files: { 'a.production.override.yaml': 'flag: a\nenvironment: production\ndefault: on\n' } },
      { files: { 'g.group.yaml': 'key: g\nslots: [{ flag: a, range: [0, 50] }]\n' } },
      { files: { 'flagstaff.yaml': 'environments: [development, production, staging]\n' } },
    ]);
    const lines = await blamed(real);
    expect(lines).toMatchObject({ 'default production': 1, 'default development': 0, 'default staging': 3 });
    expect(lines).toMatchObject({ 'experiment development production': 2, 'experiment staging': 3 });
  });

  it('a group that was not valid for a while has not taken its slots away, and hides no other change', async () => {
    const experiment = 'key: a\ntype: boolean\ndefault: off\nexperiment: { split: { on: 50, off: 50 } }\n';
    const group = (end: number) => `key: g\nslots: [{ flag: a, range: [0, ${end}] }]\n`;
    const real = await make([
      { files: { 'flagstaff.yaml': PROJECT, 'a.flag.yaml': experiment } },
      { files: { 'g.group.yaml': group(50) } },
      { files: { 'g.group.yaml': `${group(50)}slots: [\n` } },
      { files: { 'a.flag.yaml': `${experiment}owner: x\n` } },
      { files: { 'g.group.yaml': group(50) } },
    ]);
    expect(await blamed(real)).toMatchObject({ experiment: 1, owner: 3 });
    await real.commit({ files: { 'g.group.yaml': `${group(50)}slots: [\n` } });
    await real.commit({ files: { 'g.group.yaml': group(60) } });
    expect(await blamed(real)).toMatchObject({ experiment: 6, owner: 3 });
  });

  it('a state in between that was not valid is passed over', async () => {
    const real = await make([
      { files: { 'flagstaff.yaml': PROJECT, 'a.flag.yaml': flag({ owner: 'x', percent: 10 }) } },
      { files: { 'a.flag.yaml': 'key: a\ntype: [\n' } },
      { files: { 'a.flag.yaml': flag({ owner: 'x', percent: 30 }) } },
    ]);
    expect(await blamed(real)).toMatchObject({ owner: 0, rollout: 2 });
  });

  it('a flag that is not valid now is refused with the reason', async () => {
    const real = await make([{ files: { 'flagstaff.yaml': PROJECT, 'a.flag.yaml': 'key: a\ntype: [\n' } }]);
    expect(await run(real, ['a'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('`a.flag.yaml` is not valid'),
    });
  });
});
