import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main } from '../../src/cli/main.js';
import { makeDirectory, memoryTerminal } from './memory-terminal.js';

const CASES = [
  'flag: f',
  'cases:',
  '  - { name: Pro users have it, context: { plan: pro }, expect: { variant: on } }',
  '  - { name: Others do not, expect: { variant: off } }',
].join('\n');

let dir: string;
let remove: () => Promise<void>;

beforeAll(async () => {
  const flag = [
    'key: f',
    'type: boolean',
    'default: off',
    'rules: [{ name: Pro, conditions: [{ attribute: plan, operator: eq, value: pro }], serve: on }]',
    'environments: { production: { starts_at: 2026-06-01 } }',
  ].join('\n');
  const project = 'environments: [development, production]\n';
  ({ dir, remove } = await makeDirectory({
    'good/flagstaff.yaml': project,
    'good/f.flag.yaml': flag,
    'good/f.test.yaml': CASES,
    'bad/flagstaff.yaml': project,
    'bad/f.flag.yaml': flag,
    'bad/f.test.yaml': CASES.replace('variant: off', 'variant: on'),
    'timed/flagstaff.yaml': project,
    'timed/f.flag.yaml': flag,
    'timed/f.test.yaml': 'flag: f\nenvironment: production\ncases: [{ name: Later, expect: { reason: DEFAULT } }]\n',
    'none/flagstaff.yaml': project,
    'typo/flagstaff.yaml': project,
    'typo/f.flag.yaml': flag,
    'typo/f.test.yaml':
      'cases: [{ name: a, flag: g, environment: "{e}", matrix: { e: [prodction] }, expect: { variant: on } }]\n',
  }));
});

afterAll(() => remove());

async function run(...argv: readonly string[]) {
  const terminal = memoryTerminal({ cwd: dir });
  const code = await main(['test', ...argv], terminal);
  return { code, out: terminal.out(), err: terminal.err() };
}

describe('flagstaff test', () => {
  it('ends with 0 when every case passes', async () => {
    expect(await run('good')).toEqual({ code: 0, out: '2 passed, 0 failed\n', err: '' });
  });

  it('ends with 1 when a case fails, and explains the answer', async () => {
    const { code, out, err } = await run('bad');
    expect({ code, err }).toEqual({ code: 1, err: '' });
    expect(out).toContain('failed  bad/f.test.yaml  Others do not\n');
    expect(out).toContain('`plan` is missing');
    expect(out).toMatch(/1 passed, 1 failed\n$/);
  });

  it('ends with 1 and diagnostics when the repository or a test does not pass the gate', async () => {
    const { code, out, err } = await run('typo');
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain('reference/unknown-flag');
    expect(err).toContain('typo/f.test.yaml:1:63  error  reference/unknown-environment');
    expect(err).toContain('did you mean `production`?');
  });

  it('ends with 0 where there is no test', async () => {
    expect(await run('none')).toEqual({ code: 0, out: '0 passed, 0 failed\n', err: '' });
  });

  it('runs the cases that a filter matches by name, flag or segment', async () => {
    expect((await run('bad', '--filter', 'PRO USERS')).out).toBe('1 passed, 0 failed\n');
    expect((await run('good', '--filter', 'f')).out).toBe('2 passed, 0 failed\n');
    const { code, err } = await run('good', '--filter', 'nothing');
    expect(code).toBe(2);
    expect(err).toContain('error: no case matches `nothing`');
  });

  it('cannot watch what is not there', async () => {
    const { code, err } = await run('nowhere', '--watch');
    expect(code).toBe(2);
    expect(err).toMatch(/^error: .*nowhere`\n/);
  });

  it('shows coverage, and ends with 1 only where it is too low', async () => {
    const { code, out } = await run('good', '--coverage');
    expect(code).toBe(0);
    expect(out).toContain('coverage  80 % (4 of 5), no case exercises\n  flag f: in production\n');
    expect((await run('good', '--min-coverage', '80')).code).toBe(0);
    expect(await run('good', '--min-coverage', '80.1')).toMatchObject({
      code: 1,
      err: 'the coverage is below 80.1 %\n',
    });
    expect((await run('good', '--min-coverage', '101')).code).toBe(2);
  });

  it('reads no clock: a case without a time means the same for ever', async () => {
    expect((await run('timed')).code).toBe(1);
    expect((await run('timed', '--now', '2026-06-01')).code).toBe(0);
  });

  it('prints JSON and JUnit XML', async () => {
    const json = JSON.parse((await run('good', '--format', 'json', '--coverage')).out) as object;
    expect(json).toMatchObject({ summary: { passed: 2, failed: 0 }, coverage: { covered: 4, total: 5 } });
    expect((await run('good', '--format', 'junit')).out).toMatch(
      /^<\?xml version="1\.0" encoding="UTF-8"\?>\n<testsuites /,
    );
  });

  it('shows the cases that passed when it is asked for more', async () => {
    const terminal = memoryTerminal({ cwd: dir });
    await main(['--verbose', 'test', 'good'], terminal);
    expect(terminal.out()).toContain('passed  good/f.test.yaml  Pro users have it\n');
  });
});
