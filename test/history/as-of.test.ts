import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main } from '../../src/cli/main.js';
import { memoryTerminal } from '../cli/memory-terminal.js';
import { violations } from '../cli/schemas.js';
import { makeRepository, type TestRepository } from '../repository.js';

const PROJECT = 'environments: [production]\n';
const flag = (variant: string) => `key: a\ntype: boolean\ndefault: ${variant}\n`;
const timed = 'key: a\ntype: boolean\ndefault: on\noff_variant: off\nstarts_at: 2026-03-05T00:00:00Z\n';

let real: TestRepository;

beforeAll(async () => {
  real = await makeRepository([
    { at: '2026-03-01T12:00:00Z', files: { 'flagstaff.yaml': PROJECT, 'a.flag.yaml': flag('off') } },
    { at: '2026-03-02T12:00:00Z', files: { 'a.flag.yaml': flag('on') } },
    { at: '2026-03-03T10:00:00Z', on: 'feature', files: { 'a.flag.yaml': flag('off') } },
    { at: '2026-03-03T12:00:00Z', on: 'main', files: { 'a.flag.yaml': 'key: a\n' } },
    { at: '2026-03-03T13:00:00Z', files: { 'README.md': 'hello' } },
    { at: '2026-03-04T12:00:00Z', files: { 'a.flag.yaml': timed } },
    { at: '2026-03-10T12:00:00Z', merge: 'feature', files: { 'a.flag.yaml': flag('off') } },
  ]);
  await real.write({ 'a.flag.yaml': flag('on') });
});

afterAll(() => real.remove());

const commit = (at: number) => real.commits[at] ?? '';

async function run(argv: readonly string[], dir = real.dir) {
  const terminal = { ...memoryTerminal({ cwd: dir }), env: real.environment };
  const code = await main(['eval', 'a', '--format', 'json', ...argv], terminal);
  const rows = terminal.out() === '' ? [] : JSON.parse(terminal.out());
  return { code, rows, err: terminal.err() };
}

describe('eval --as-of', () => {
  it('answers with the newest commit of that moment, and names it', async () => {
    const { code, rows, err } = await run(['--as-of', '2026-03-02T18:00:00Z']);
    expect(code).toBe(0);
    expect(rows).toEqual([{ flag: 'a', value: true, variant: 'on', reason: 'STATIC', version: commit(1) }]);
    expect(violations('eval', rows)).toEqual([]);
    expect(err).toBe(`note: flags of ${commit(1).slice(0, 12)} on \`main\`, of 2026-03-02T12:00:00Z\n`);
  });

  it('counts the second of the commit itself', async () => {
    expect((await run(['--as-of', '2026-03-02T12:00:00Z'])).rows[0].version).toBe(commit(1));
    expect((await run(['--as-of', '2026-03-02T11:59:59Z'])).rows[0].version).toBe(commit(0));
  });

  it('passes over commits that do not pass the gate, and says so', async () => {
    const { rows, err } = await run(['--as-of', '2026-03-03T18:00:00Z']);
    expect(rows[0]).toMatchObject({ variant: 'on', version: commit(1) });
    expect(err).toContain(`note: passed over ${commit(4).slice(0, 12)}: it does not pass the gate\n`);
  });

  it('takes the clock of that moment, unless another is given', async () => {
    expect((await run(['--as-of', '2026-03-04T18:00:00Z'])).rows[0]).toMatchObject({
      variant: 'off',
      reason: 'INACTIVE',
    });
    expect((await run(['--as-of', '2026-03-05T00:00:00Z'])).rows[0]).toMatchObject({ variant: 'on' });
    const other = await run(['--as-of', '2026-03-04T18:00:00Z', '--now', '2026-03-06']);
    expect(other.rows[0]).toMatchObject({ variant: 'on', version: commit(5) });
  });

  it('looks at first parents only: what a merge brought counts from the merge on', async () => {
    expect((await run(['--as-of', '2026-03-09'])).rows[0].version).toBe(commit(5));
    expect((await run(['--as-of', '2026-03-11'])).rows[0].version).toBe(commit(6));
  });

  it('looks at the line of history that --ref names', async () => {
    const { rows } = await run(['--as-of', '2026-03-09', '--ref', 'feature']);
    expect(rows[0]).toMatchObject({ variant: 'off', version: commit(2) });
  });

  it('says when there was nothing yet', async () => {
    const { code, err } = await run(['--as-of', '2026-02-01']);
    expect(code).toBe(2);
    expect(err).toBe(
      'error: `main` had no commits by 2026-02-01T00:00:00Z\nhelp: its first commit is of 2026-03-01T12:00:00Z\n',
    );
  });

  it('does not call nothing what a shallow clone has left out', async () => {
    const shallow = real.path('..', 'shallow');
    await real.git('clone', '--quiet', '--depth=1', `file://${real.dir}`, shallow);
    const { code, err } = await run(['--as-of', '2026-03-02'], shallow);
    expect(code).toBe(2);
    expect(err).toContain('what `main` was at 2026-03-02T00:00:00Z is not in this shallow clone');
  });
});

describe('eval --ref', () => {
  it('answers with the flags of a revision, by the clock of today', async () => {
    const { rows } = await run(['--ref', 'HEAD~1', '--now', '2026-03-06']);
    expect(rows[0]).toMatchObject({ variant: 'on', reason: 'DEFAULT', version: commit(5) });
  });

  it('shows what is wrong with a revision that does not pass the gate', async () => {
    const { code, rows, err } = await run(['--ref', commit(3)]);
    expect(code).toBe(1);
    expect(rows).toEqual([]);
    expect(err).toContain(`${commit(3)}:a.flag.yaml:1:1  error  schema/missing-key`);
  });

  it.each([
    ['nope', 'there is no revision `nope`'],
    ['-x', '`-x` is not a revision'],
  ])('refuses %s', async (ref, message) => {
    const { code, err } = await run([`--ref=${ref}`]);
    expect(code).toBe(2);
    expect(err).toContain(message);
  });

  it('reads a bare repository', async () => {
    const bare = real.path('..', 'bare.git');
    await real.git('clone', '--quiet', '--bare', real.dir, bare);
    expect((await run(['--ref', 'main', '-C', bare])).rows[0]).toMatchObject({ variant: 'off', version: commit(6) });
  });

  it('says so where there are no flags', async () => {
    await real.git('checkout', '--quiet', '--orphan', 'empty');
    await real.git('rm', '-rfq', '.');
    await real.git('commit', '--quiet', '--allow-empty', '-m', 'nothing');
    expect(await run(['--ref', 'empty'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('there are no flags in `empty`'),
    });
  });

  it('says so where there is no repository', async () => {
    const environment = { ...real.environment, GIT_CEILING_DIRECTORIES: real.path('..', '..') };
    const terminal = { ...memoryTerminal({ cwd: real.path('..') }), env: environment };
    expect(await main(['eval', '--ref', 'HEAD'], terminal)).toBe(2);
    expect(terminal.err()).toContain('is not in a git repository');
  });
});
