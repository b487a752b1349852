import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main } from '../../src/cli/main.js';
import { memoryTerminal } from '../cli/memory-terminal.js';
import { violations } from '../cli/schemas.js';
import { makeRepository, type TestRepository } from '../repository.js';

const PROJECT = 'environments: [production]\n';
const flag = (key: string, variant: string, more = '') => `key: ${key}\ntype: boolean\ndefault: ${variant}\n${more}`;
const pro = (plans: string) => `key: pro\nconditions: [{ attribute: plan, operator: in, value: [${plans}] }]\n`;
const asks = 'rules: [{ name: Pro, conditions: [{ operator: in_segment, value: pro }], serve: on }]\n';
const wants = 'prerequisites: [{ flag: gate, variants: [on] }]\n';

let real: TestRepository;

beforeAll(async () => {
  real = await makeRepository([
    {
      files: {
        'flagstaff.yaml': PROJECT,
        'a.flag.yaml': flag('a', 'off', asks),
        'p.flag.yaml': flag('p', 'on', `off_variant: off\n${wants}`),
        'gate.flag.yaml': flag('gate', 'off'),
        'still.flag.yaml': flag('still', 'on'),
        'pro.segment.yaml': pro('pro'),
      },
    },
    { files: { 'still.flag.yaml': `# a comment\n${flag('still', 'on')}` } },
    { files: { 'pro.segment.yaml': pro('pro, team') }, message: 'Teams are pro' },
    { files: { 'gate.flag.yaml': flag('gate', 'on') } },
    { files: { 'still.flag.yaml': 'key: still\n' }, message: 'breaks the gate' },
    { files: { 'a.flag.yaml': flag('a', 'on', asks) }, message: 'changes, and does not pass' },
    { files: { 'still.flag.yaml': flag('still', 'on') }, message: 'passes again' },
    { files: { 'b.flag.yaml': flag('b', 'off') } },
    { files: { 'b.flag.yaml': flag('b', 'on') } },
    { files: { 'b.flag.yaml': flag('b', 'off') } },
    { files: { 'b.flag.yaml': flag('b', 'on') } },
    { files: { 'README.md': 'hello' } },
  ]);
});

afterAll(() => real.remove());

async function run(argv: readonly string[], cwd = real.dir) {
  const terminal = { ...memoryTerminal({ cwd }), env: real.environment };
  const code = await main(['bisect', ...argv], terminal);
  return { code, out: terminal.out(), err: terminal.err() };
}

async function verdict(argv: readonly string[], cwd = real.dir) {
  const { code, out, err } = await run([...argv, '--format', 'json'], cwd);
  expect(err).toBe('');
  const data = JSON.parse(out);
  expect(violations('bisect', data)).toEqual([]);
  return { code, data, at: real.commits.indexOf(data.version) };
}

describe('flagstaff bisect', () => {
  it('names a commit that changed a segment', async () => {
    const { code, data, at } = await verdict(['a', '--attr', 'plan=team', '--bad', 'HEAD~8']);
    expect([code, at]).toEqual([0, 2]);
    expect(data.before).toMatchObject({ variant: 'off', reason: 'DEFAULT' });
    expect(data.after).toMatchObject({ variant: 'on', reason: 'TARGETING_MATCH', rule: 'Pro' });
    expect(data.changes).toMatchObject([{ kind: 'segment_changed', key: 'pro' }]);
    expect(data.message).toBe('Teams are pro');
  });

  it('names a commit that changed a prerequisite', async () => {
    const { data, at } = await verdict(['p']);
    expect(at).toBe(3);
    expect(data.changes).toMatchObject([
      { key: 'gate', text: 'default off → on' },
      { key: 'gate', text: 'off_variant off → on' },
    ]);
    expect(data.before).toMatchObject({ variant: 'off', reason: 'PREREQUISITE_FAILED' });
  });

  it('passes over commits that do not pass the gate, and names them', async () => {
    const { data, at } = await verdict(['a', '--attr', 'plan=free']);
    expect(at).toBe(6);
    expect(data.skipped).toEqual([real.commits[5], real.commits[4]]);
    expect(data.changes).toMatchObject([{ key: 'a' }, { key: 'a' }]);
    const { out } = await run(['a', '--attr', 'plan=free']);
    expect(out).toContain(`${real.commits[5]?.slice(0, 12)} changes, and does not pass: passed over`);
  });

  it('names the newest change of an answer that went back and forth', async () => {
    expect((await verdict(['b'])).at).toBe(10);
    expect((await verdict(['b', '--good', real.commits[7] ?? ''])).at).toBe(10);
    expect((await verdict(['b', '--bad', real.commits[9] ?? ''])).at).toBe(9);
  });

  it('counts that the flag came to be', async () => {
    const { data, at } = await verdict(['b', '--bad', real.commits[7] ?? '']);
    expect(at).toBe(7);
    expect(data.before).toMatchObject({ variant: null, error_code: 'FLAG_NOT_FOUND' });
  });

  it('says so when no commit changed the answer', async () => {
    const { code, data } = await verdict(['still']);
    expect(code).toBe(1);
    expect(data).toMatchObject({ found: false, after: { variant: 'on' } });
    expect((await run(['still'])).out).toBe('no commit changed the answer: on (true)  STATIC\n');
  });

  it('is text for people', async () => {
    const { out } = await run(['a', '--attr', 'plan=team', '--bad', 'HEAD~8']);
    expect(out.split('\n').slice(1)).toEqual([
      '    Teams are pro',
      '',
      '  pro segment',
      '    plan in: +team',
      '',
      '  before  off (false)  DEFAULT',
      '  after   on (true)  TARGETING_MATCH, rule "Pro"',
      '',
    ]);
  });

  it('refuses two revisions with the same answer, or in the wrong order', async () => {
    expect(await run(['still', '--good', 'HEAD~9'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('the answer is the same at `HEAD~9`'),
    });
    expect(await run(['b', '--good', 'HEAD', '--bad', real.commits[9] ?? ''])).toMatchObject({
      code: 2,
      err: expect.stringContaining('`HEAD` is not among the commits before'),
    });
  });

  it('refuses a flag that never was, and knows one that is gone', async () => {
    expect(await run(['stil'])).toMatchObject({ code: 2, err: expect.stringContaining('did you mean `still`?') });
  });

  it('says which commit counts when the one it is asked about does not pass', async () => {
    const { err } = await run(['p', '--bad', real.commits[5] ?? '']);
    expect(err).toContain(`does not pass the gate: ${real.commits[3]?.slice(0, 12)} counts in its place`);
  });

  it('does not take the end of a shallow clone for the beginning of history', async () => {
    const shallow = real.path('..', 'shallow');
    await real.git('clone', '--quiet', '--depth=4', `file://${real.dir}`, shallow);
    const { code, err } = await run(['still'], shallow);
    expect(code).toBe(1);
    expect(err).toContain('this is a shallow clone');
  });
});
