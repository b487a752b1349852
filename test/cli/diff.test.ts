import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main } from '../../src/cli/main.js';
import { makeRepository, type TestRepository } from '../repository.js';
import { memoryTerminal } from './memory-terminal.js';
import { violations } from './schemas.js';

const project = 'environments: [development, production]\ncontext: { country: { type: string } }\n';
const flag = (percent: number) => `key: a\ntype: boolean\ndefault: off\nrollout: { split: { on: ${percent} } }\n`;
const segment = (country: string) => `key: eu\nconditions: [{ attribute: country, operator: eq, value: ${country} }]\n`;
const asking = `key: b
type: boolean
default: off
rules: [{ name: Europe, conditions: [{ operator: in_segment, value: eu }], serve: on }]
`;

let repository: TestRepository;

beforeAll(async () => {
  repository = await makeRepository([
    { files: { 'README.md': 'nothing yet' } },
    {
      files: {
        'flags/flagstaff.yaml': project,
        'flags/a.flag.yaml': flag(10),
        'flags/b.flag.yaml': asking,
        'flags/eu.segment.yaml': segment('DE'),
      },
    },
    { files: { 'flags/a.flag.yaml': `# a comment\n${flag(10)}` }, message: 'only a comment' },
    { files: { 'flags/a.flag.yaml': flag(30) } },
    { on: 'feature', files: { 'flags/eu.segment.yaml': segment('FR') } },
    { on: 'main', files: { 'flags/a.flag.yaml': 'key: a\ntype: boolean\ndefualt: off\n' } },
    {
      files: {
        'flags/a.flag.yaml': null,
        'flags/b.flag.yaml': null,
        'flags/eu.segment.yaml': null,
        'flags/flagstaff.yaml': null,
        'moved/here/flagstaff.yaml': project,
        'moved/here/a.flag.yaml': flag(30),
        'moved/here/b.flag.yaml': asking,
        'moved/here/eu.segment.yaml': segment('DE'),
      },
    },
  ]);
  await repository.write({ 'moved/here/a.flag.yaml': flag(60) });
});

afterAll(() => repository.remove());

async function run(...argv: readonly string[]) {
  const terminal = { ...memoryTerminal({ cwd: repository.path('moved/here') }), env: repository.environment };
  const code = await main(['diff', ...argv], terminal);
  return { code, out: terminal.out(), err: terminal.err() };
}

const commit = (at: number) => repository.commits[at] ?? '';

describe('flagstaff diff', () => {
  it('compares HEAD with the working tree when nothing is named', async () => {
    expect(await run()).toEqual({
      code: 0,
      out: 'HEAD → working tree: 1 flag changed\n\na\n  everywhere  rollout on 30% → 60%\n',
      err: '',
    });
  });

  it('compares a revision with the working tree, wherever the flags lay then', async () => {
    const { out } = await run(commit(1));
    expect(out).toContain('rollout on 10% → 60%');
  });

  it('compares two revisions, and finds nothing in a comment', async () => {
    expect((await run(commit(1), commit(3))).out).toContain('rollout on 10% → 30%');
    expect((await run(commit(1), commit(2))).out).toBe(`${commit(1)} → ${commit(2)}: no changes in meaning\n`);
  });

  it('compares since two branches parted', async () => {
    const { out } = await run('main...feature');
    expect(out).toContain(`${commit(3).slice(0, 12)} → feature: 1 segment changed`);
    expect(out).toContain('reaches\n    b  development, production: rule "Europe"');
    expect((await run(`${commit(1)}...`, '--format', 'json')).out).toContain('"to": "HEAD"');
  });

  it('exits 1 on changes when asked to', async () => {
    expect((await run('--exit-code')).code).toBe(1);
    expect((await run(commit(1), commit(2), '--exit-code')).code).toBe(0);
  });

  it('shows one environment alone when asked to', async () => {
    const { out } = await run('--env', 'production', '--impact', '--format', 'json');
    expect(JSON.parse(out).impact.map(({ environment }: { environment: string }) => environment)).toEqual([
      'production',
    ]);
  });

  it('takes a revision without flags for an empty one, and says so', async () => {
    const { code, out, err } = await run(commit(0), commit(1));
    expect(code).toBe(0);
    expect(err).toBe(`note: there are no flags in \`${commit(0)}\`\n`);
    expect(out).toContain('created (boolean); rollout on 10%, else off');
  });

  it('prints JSON as its schema says', async () => {
    const { out } = await run(commit(1), 'feature', '--impact', '--format', 'json');
    const data = JSON.parse(out);
    expect(violations('diff', data)).toEqual([]);
    expect(data).toMatchObject({
      from: commit(1),
      to: 'feature',
      changes: [
        {
          kind: 'flag_changed',
          key: 'a',
          path: '/rollout/split/on',
          before: 10,
          after: 30,
          text: 'rollout on 10% → 30%',
        },
        { kind: 'segment_changed', key: 'eu', path: '/conditions' },
      ],
      impact: [
        {
          flag: 'a',
          environment: 'development',
          share: 0.2,
          exact: true,
          transitions: [{ from: 'off', to: 'on', share: 0.2 }],
        },
        { flag: 'a', environment: 'production' },
        { flag: 'b', exact: false },
        { flag: 'b', exact: false },
      ],
      population: { kind: 'synthetic', size: 10_000, seed: 1 },
    });
  });

  it('prints Markdown in which nothing that was written is markup', async () => {
    await repository.write({ 'moved/here/eu.segment.yaml': 'key: eu\nincluded: ["`x` @team <b>"]\n' });
    const { out } = await run('--format', 'markdown', '--impact');
    await repository.write({ 'moved/here/eu.segment.yaml': segment('DE') });
    expect(out).toContain('- everywhere: `` included: +"`x` @team <b>" ``');
    expect(out).toContain('**`eu`** segment');
  });

  it('reckons with the contexts of a file', async () => {
    await repository.write({ 'users.ndjson': '{"targetingKey":"u","country":"FR"}\n{"targetingKey":"v"}\nnothing\n' });
    const { code, out, err } = await run(
      commit(3),
      'feature',
      '--contexts',
      '../../users.ndjson',
      '--env',
      'production',
    );
    expect(code).toBe(1);
    expect(err).toMatch(/^\.\.\/\.\.\/users\.ndjson:3:1: not JSON/);
    expect(out).toContain('production  50% of contexts\n      off → on 50%\n');
    expect(out).toContain(
      `flagstaff eval b --env production --ref feature --context '{"targetingKey":"u","country":"FR"}' --explain`,
    );
    expect(out).toContain('shares of contexts are of the 2 in ../../users.ndjson');
  });

  it('reads no population from outside of the repository', async () => {
    await repository.write({
      'moved/here/flagstaff.yaml': `${project}review: { population: ../../users.ndjson }\n`,
      'users.ndjson': '{}',
    });
    const { code, err } = await run('--impact');
    await repository.write({ 'moved/here/flagstaff.yaml': project });
    expect(code).toBe(2);
    expect(err).toMatch(/^error: `review.population`: not in the repository: `..\/..\/users.ndjson`\nhelp: /);
  });
});

describe('what cannot be compared', () => {
  it('is told with the place in its revision', async () => {
    const { code, out, err } = await run(commit(5), commit(3));
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain(`${commit(5)}:flags/a.flag.yaml:3:1  error  schema/unknown-key`);
  });

  it.each([
    [['nowhere'], 'error: there is no revision `nowhere`\n'],
    [['a...b', 'c'], 'error: `a...b` names two revisions, and `c` is a third\n'],
    [['--env', 'prod'], 'error: there is no environment `prod`\n'],
    [['--contexts', 'gone.ndjson'], 'error: there is no file `gone.ndjson`\n'],
  ])('%j', async (argv, message) => {
    const { code, out, err } = await run(...argv);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err.startsWith(message)).toBe(true);
  });

  it('a revision that is an option is none', async () => {
    const { code, err } = await run('--', '--output=x');
    expect(code).toBe(2);
    expect(err).toContain('is not a revision');
  });
});
