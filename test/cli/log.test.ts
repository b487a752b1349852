import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main } from '../../src/cli/main.js';
import { makeRepository, type TestRepository } from '../repository.js';
import { memoryTerminal } from './memory-terminal.js';
import { violations } from './schemas.js';

const PROJECT = 'environments: [staging, production]\n';
const flag = (percent: number, more = '') =>
  `key: a\ntype: boolean\ndefault: off\nrollout: { split: { on: ${percent} } }\n${more}`;

let real: TestRepository;

beforeAll(async () => {
  real = await makeRepository([
    {
      at: '2026-03-01T10:00:00Z',
      author: 'Ada <ada@example.com>',
      message: 'Add a flag',
      files: { 'flags/flagstaff.yaml': PROJECT, 'flags/a.flag.yaml': flag(10) },
    },
    {
      at: '2026-03-02T10:00:00Z',
      author: 'Bob `x` <bob@example.com>',
      message: 'Grow it\n\nIt works *well*.\n\nReviewed-by: Ada <ada@example.com>',
      files: { 'flags/a.flag.yaml': flag(20, 'environments: { production: { enabled: false } }\n') },
    },
    {
      at: '2026-03-03T10:00:00Z',
      message: 'Say why',
      files: { 'flags/a.flag.yaml': `# why\n${flag(20, 'environments: { production: { enabled: false } }\n')}` },
    },
    { at: '2026-03-04T10:00:00Z', message: 'Break it', files: { 'flags/a.flag.yaml': 'key: a\n' } },
  ]);
});

afterAll(() => real.remove());

async function run(argv: readonly string[], cwd = real.path('flags'), env = real.environment) {
  const terminal = { ...memoryTerminal({ cwd }), env };
  const code = await main(['log', ...argv], terminal);
  return { code, out: terminal.out(), err: terminal.err() };
}

async function shown(...argv: readonly string[]): Promise<number[]> {
  const { out, err } = await run([...argv, '--format', 'json']);
  if (out !== '[]\n') expect(err).toBe('');
  const entries: { version: string }[] = JSON.parse(out);
  expect(violations('log', entries)).toEqual([]);
  return entries.map(({ version }) => real.commits.indexOf(version));
}

const short = (at: number) => real.commits[at]?.slice(0, 12);

describe('flagstaff log', () => {
  it('is text for people', async () => {
    expect((await run(['a'])).out).toBe(
      [
        `${short(3)}  2026-03-04 10:00 UTC  Author <author@example.com>`,
        '    Break it',
        '',
        '  not valid a.flag.yaml: schema/missing-key: the file has no `type`',
        '',
        `${short(1)}  2026-03-02 10:00 UTC  Bob \`x\` <bob@example.com>`,
        '    Grow it',
        '',
        '    It works *well*.',
        '',
        '    Reviewed-by: Ada <ada@example.com>',
        '',
        '  a',
        '    rollout on 10% → 20%',
        '    production: enabled true → false',
        '',
        `${short(0)}  2026-03-01 10:00 UTC  Ada <ada@example.com>`,
        '    Add a flag',
        '',
        '  a',
        '    created (boolean); rollout on 10%, else off',
        '',
      ].join('\n'),
    );
  });

  it('is JSON for programs', async () => {
    const { out } = await run(['a', '-n', '1', '--until', '2026-03-03', '--format', 'json']);
    expect(JSON.parse(out)).toEqual([
      {
        version: real.commits[1],
        time: '2026-03-02T10:00:00.000Z',
        author: { name: 'Bob `x`', email: 'bob@example.com' },
        message: 'Grow it\n\nIt works *well*.\n\nReviewed-by: Ada <ada@example.com>',
        reason: 'It works *well*.',
        trailers: [{ key: 'Reviewed-by', value: 'Ada <ada@example.com>' }],
        signature: 'none',
        changes: [
          {
            kind: 'flag_changed',
            key: 'a',
            path: '/rollout/split/on',
            before: 10,
            after: 20,
            text: 'rollout on 10% → 20%',
          },
          {
            kind: 'flag_changed',
            key: 'a',
            environment: 'production',
            path: '/enabled',
            before: true,
            after: false,
            text: 'production: enabled true → false',
          },
        ],
      },
    ]);
  });

  it('is Markdown in which nothing that people wrote is markup', async () => {
    const { out } = await run(['a', '-n', '1', '--until', '2026-03-03', '--format', 'markdown']);
    expect(out).toBe(
      [
        '### `Grow it`',
        '',
        `\`${short(1)}\`, 2026-03-02 10:00 UTC, \`\` Bob \`x\` \`\``,
        '',
        '> `It works *well*.`',
        '>',
        '> `Reviewed-by: Ada <ada@example.com>`',
        '',
        '- **`a`**: `rollout on 10% → 20%`',
        '- **`a`** in `production`: `enabled true → false`',
        '',
        '',
      ].join('\n'),
    );
  });

  it('leaves out what changed nothing in meaning, unless asked for all', async () => {
    expect(await shown()).toEqual([3, 1, 0]);
    expect(await shown('--all')).toEqual([3, 2, 1, 0]);
    expect((await run(['--all', '-n', '2'])).out).toContain('    Say why\n\n  nothing changed in meaning\n');
  });

  it('chooses by time, author, environment and number', async () => {
    expect(await shown('--since', '2026-03-02T10:00:00Z')).toEqual([3, 1]);
    expect(await shown('--until', '2026-03-02T10:00:00Z')).toEqual([1, 0]);
    expect(await shown('--author', 'ADA@')).toEqual([0]);
    expect(await shown('-n', '2')).toEqual([3, 1]);
    expect(await shown('--ref', 'HEAD~3')).toEqual([0]);
    const staging = JSON.parse((await run(['--env', 'staging', '--author', 'bob', '--format', 'json'])).out);
    expect(staging[0].changes.map(({ text }: { text: string }) => text)).toEqual(['rollout on 10% → 20%']);
  });

  it('says so when there is nothing to show', async () => {
    expect(await run(['--author', 'nobody'])).toEqual({ code: 0, out: '', err: 'nothing to show\n' });
    expect((await run(['--author', 'nobody', '--format', 'json'])).out).toBe('[]\n');
  });

  it.each([
    [['--ref=--output=x'], '`--output=x` is not a revision'],
    [['--env', 'prod'], 'there is no environment `prod`'],
    [['b'], 'there is no flag, segment or group `b`, and never was'],
    [['--since', 'yesterday'], 'write a date such as'],
    [['-n', '0'], 'write a whole number of at least 1'],
  ])('refuses %j', async (argv, message) => {
    const { code, out, err } = await run(argv);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(message);
  });

  it('says what is missing: a repository, a commit', async () => {
    const outside = { ...real.environment, GIT_CEILING_DIRECTORIES: real.path('..', '..') };
    const { code, err } = await run([], real.path('..'), outside);
    expect(code).toBe(2);
    expect(err).toContain('is not in a git repository\nhelp: ');
    const empty = await makeRepository();
    expect(await run([], empty.dir)).toMatchObject({
      code: 2,
      err: 'error: there are no commits yet\nhelp: commit the flags first\n',
    });
    await empty.remove();
  });

  it('says where a shallow clone ends', async () => {
    const shallow = real.path('..', 'shallow');
    await real.git('clone', '--quiet', '--depth=2', `file://${real.dir}`, shallow);
    const { code, out, err } = await run(['a', '--format', 'json'], shallow);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toHaveLength(1);
    expect(err).toContain(`warning: this is a shallow clone: what happened up to ${short(2)} is not known`);
  });
});
