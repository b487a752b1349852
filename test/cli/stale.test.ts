import { afterEach, describe, expect, it } from 'vitest';
import { main } from '../../src/cli/main.js';
import { makeRepository, type TestRepository } from '../repository.js';
import { startTestServer, type TestServer } from '../server/running.js';
import { memoryTerminal } from './memory-terminal.js';
import { violations } from './schemas.js';

const NOW = Date.parse('2026-11-22T00:00:00Z');
const PROJECT = 'environments: [staging, production]\nprotected: [production]\n';

const flag = (key: string, more = '') => `key: ${key}\ntype: boolean\nowner: team-a\ndefault: off\n${more}`;
const production = (key: string, more: string) => `flag: ${key}\nenvironment: production\n${more}`;

let repository: TestRepository;
let server: TestServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
  await repository.remove();
});

async function stale(...argv: string[]) {
  const terminal = memoryTerminal({ cwd: repository.dir, now: () => NOW });
  const exit = await main(['stale', ...argv], { ...terminal, env: repository.environment });
  return { exit, out: terminal.out(), err: terminal.err() };
}

/** `KEY STATE` */
async function states(...argv: string[]) {
  const { out } = await stale('--format', 'json', ...argv);
  const entries = JSON.parse(out) as { flag: string; state: string }[];
  expect(violations('stale', entries)).toEqual([]);
  return entries.map((entry) => `${entry.flag} ${entry.state}`);
}

describe('flagstaff stale', () => {
  it('tells every state, with evidence out of history and code', async () => {
    repository = await makeRepository([
      {
        at: '2026-07-01T00:00:00Z',
        files: {
          'flags/flagstaff.yaml': PROJECT,
          'flags/done.flag.yaml': flag('done'),
          'flags/done.production.override.yaml': production('done', 'default: on\n'),
          'flags/split.flag.yaml': flag('split'),
          'flags/split.production.override.yaml': production('split', 'default: off\nrollout: { split: { on: 50 } }\n'),
          'flags/over.flag.yaml': flag('over'),
          'flags/over.production.override.yaml': production('over', 'default: on\n'),
          'flags/left.flag.yaml': flag('left'),
          'flags/left.production.override.yaml': production('left', 'default: on\n'),
          'flags/dead.flag.yaml': flag('dead', 'state: archived\n'),
          'flags/gone.flag.yaml': flag('gone', 'state: archived\n'),
          'flags/stop.flag.yaml': flag('stop', 'purpose: kill_switch\n'),
          'flags/stop.production.override.yaml': production('stop', 'default: on\n'),
          'src/app.ts':
            "ask('done'); ask('split'); ask('dead'); ask('left'); ask('stop')\nclient.getBooleanValue('ghosts.are-real', false);\n",
          '.gitignore': 'ignored/\n',
          'ignored/old.ts': "ask('over')\n",
        },
      },
      {
        at: '2026-11-11T00:00:00Z',
        files: {
          'flags/soon.flag.yaml': flag('soon'),
          'flags/soon.production.override.yaml': production('soon', 'default: on\n'),
        },
      },
      { at: '2026-11-19T00:00:00Z', files: { 'flags/fresh.flag.yaml': flag('fresh') } },
      {
        at: '2026-11-20T00:00:00Z',
        files: {
          'src/app.ts':
            "ask('done'); ask('split'); ask('dead'); ask('stop'); ask('soon')\nclient.getBooleanValue('ghosts.are-real', false);\n",
        },
      },
      {
        at: '2026-11-21T00:00:00Z',
        files: { 'flags/done.flag.yaml': `# a comment makes nobody younger\n${flag('done')}` },
      },
    ]);
    expect(await states('--code', 'src', '--all')).toEqual([
      'ghosts.are-real ghost',
      'dead zombie',
      'over ready_to_archive',
      'left needs_monitoring',
      'done ready_for_code_removal',
      'split potentially_stale',
      'soon launched',
      'stop active',
      'fresh new',
    ]);
    const { exit, out, err } = await stale('--code', '.', '--fail-on', 'ghost,zombie');
    expect(exit).toBe(1);
    expect(err).toContain('6 flags ask for something to be done');
    expect(out).toContain('ghosts.are-real  ghost');
    expect(out).toContain('    src/app.ts:2\n');
    expect(out).toMatch(
      /done {2}ready for code removal {2}team-a\n {2}everyone gets `on`\n {2}unchanged for at least 40 days/,
    );
    expect(out).toContain('not in the code; the last one went with');
    const github = await stale('--code', 'src', '--format', 'github');
    expect(github.out).toContain('::warning file=src/app.ts,line=2,endLine=2');
    expect(github.out).toContain('title=stale/ghost::there is no flag `ghosts.are-real`');
    const sarif = JSON.parse((await stale('--code', 'src', '--format', 'sarif')).out);
    expect(sarif.runs[0].results.map(({ ruleId }: { ruleId: string }) => ruleId).sort()).toEqual([
      'stale/ghost',
      'stale/needs-monitoring',
      'stale/potentially-stale',
      'stale/ready-for-code-removal',
      'stale/ready-to-archive',
      'stale/zombie',
    ]);
    expect((await stale('--format', 'markdown')).out).toContain('| `split` | potentially stale | team-a |');
    expect((await stale('--max-stale', '4')).exit).toBe(0);
    expect((await stale('--max-stale', '3')).exit).toBe(1);
    expect(await states('--owner', 'team-b')).toEqual([]);
    const nobody = ['--owner', 'team-b', '--format', 'markdown'];
    expect((await stale(...nobody)).out).toBe('### Flags that have outlived their use: 0\n');
  });

  it('counts from the step, the start or the end that came, not from the commit that planned it', async () => {
    const steps = 'default: off\nrollout: { split: { on: 100 }, steps: [{ at: 2026-11-10, percent: 100 }] }\n';
    const off = 'default: on\noff_variant: off\nexpires_at: 2026-11-01T12:00:00Z\n';
    const files = {
      'flags/flagstaff.yaml': PROJECT,
      'flags/ramp.flag.yaml': flag('ramp'),
      'flags/ramp.production.override.yaml': production('ramp', steps),
      'flags/sale.flag.yaml': flag('sale'),
      'flags/sale.production.override.yaml': production('sale', off),
    };
    repository = await makeRepository([{ at: '2026-01-01T00:00:00Z', files }]);
    expect(await states('--all', '--code', '.')).toEqual(['ramp launched', 'sale launched']);
    const entries = JSON.parse((await stale('--all', '--format', 'json')).out);
    expect(entries).toMatchObject([
      { evidence: { everyone_gets: 'on', unchanged_days: 12 } },
      { evidence: { everyone_gets: 'off', unchanged_days: 20 } },
    ]);
    expect(await states('--now', '2026-12-20')).toEqual(['ramp potentially_stale', 'sale potentially_stale']);
  });

  it('is silent about a flag that is snoozed, until its date', async () => {
    const snoozed = flag('one', 'remove_by: 2026-11-01\nsnooze: { until: 2026-12-01, reason: mobile }\n');
    repository = await makeRepository([{ files: { 'flags/flagstaff.yaml': PROJECT, 'flags/one.flag.yaml': snoozed } }]);
    expect(await states()).toEqual([]);
    expect(await states('--all')).toEqual(['one potentially_stale']);
    expect(await states('--now', '2026-12-01')).toEqual(['one potentially_stale']);
  });

  it('does not call what it cannot know stale', async () => {
    const files = { 'flags/flagstaff.yaml': PROJECT, 'flags/one.flag.yaml': flag('one') };
    repository = await makeRepository([
      { at: '2026-01-01T00:00:00Z', files },
      { at: '2026-11-21T00:00:00Z', files: { README: 'x' } },
    ]);
    expect(await states()).toEqual(['one potentially_stale']);
    await repository.git('clone', '--quiet', '--depth', '1', `file://${repository.dir}`, 'shallow');
    const { out, err } = await stale('-C', 'shallow/flags', '--all', '--format', 'json');
    expect(JSON.parse(out)).toMatchObject([{ flag: 'one', state: 'active' }]);
    expect(err).toContain('a shallow clone hides what happened before');
    expect(JSON.parse(out)[0].evidence.age_days).toBeUndefined();
    await repository.git('init', '--quiet', 'bare');
    await repository.write({ 'bare/flagstaff.yaml': PROJECT, 'bare/one.flag.yaml': flag('one') });
    expect((await stale('-C', 'bare')).err).toContain('how old the flags are is not known');
  });

  it('finds uses of generated accessors, and takes the generated file for none', async () => {
    repository = await makeRepository([
      {
        at: '2026-01-01T00:00:00Z',
        files: {
          'flags/flagstaff.yaml': 'environments: [production]\n',
          'flags/a.flag.yaml': flag('one.page'),
          'flags/b.flag.yaml': flag('search'),
          'flags/c.flag.yaml': flag('left'),
          'web/search.ts': 'export const search = 1;\n',
          'web/a.ts': "import { search } from './search.js';\nsearch;\n",
          'web/b.ts': "import {\n  onePage as page,\n} from './gen/flags.js';\npage.get(client);\n",
          'web/c.ts': "import * as all from './gen/flags.js';\nall.onePage.get(client); all.nothing; x.all.left;\n",
        },
      },
    ]);
    await main(
      ['codegen', '--lang', 'ts', '--out', 'web/gen/flags.ts'],
      memoryTerminal({ cwd: repository.dir, now: () => NOW }),
    );
    await main(
      ['codegen', '--lang', 'openfeature-manifest', '--out', 'web/gen/flags.json'],
      memoryTerminal({ cwd: repository.dir, now: () => NOW }),
    );
    const { out } = await stale('--code', 'web', '--format', 'json');
    const entries = JSON.parse(out) as { flag: string; evidence: { references: object[] } }[];
    expect(Object.fromEntries(entries.map(({ flag: key, evidence }) => [key, evidence.references]))).toEqual({
      left: [],
      search: [],
      'one.page': [
        { file: 'web/b.ts', line: 2 },
        { file: 'web/b.ts', line: 4 },
        { file: 'web/c.ts', line: 2 },
      ],
    });
  });

  it('takes what a server still answers as use', async () => {
    const files = {
      'flags/flagstaff.yaml': 'environments: [production]\n',
      'flags/dead.flag.yaml': flag('dead'),
      'flags/let-go.flag.yaml': flag('let-go'),
      'flags/done.flag.yaml': flag('done'),
      'flags/quiet.flag.yaml': flag('quiet'),
      'flags/renamed.flag.yaml': flag('renamed'),
      'src/app.ts': '',
    };
    repository = await makeRepository([{ at: '2026-01-01T00:00:00Z', files }]);
    server = await startTestServer({ root: repository.path('flags') }, repository.environment);
    const { url } = server;
    const ask = (key: string) =>
      fetch(`${url}/ofrep/v1/evaluate/flags/${key}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{}',
      });
    const stateOf = async (key: string) => JSON.parse(await (await fetch(`${url}/flags/${key}`)).text()).state;
    for (const key of ['dead', 'let-go', 'done', 'renamed', 'made-up']) await ask(key);
    await repository.write({ 'flags/dead.flag.yaml': flag('dead', 'state: archived\n') });
    await repository.write({ 'flags/let-go.flag.yaml': flag('let-go', 'state: archived\n') });
    await repository.write({ 'flags/renamed.flag.yaml': flag('other') });
    for (const key of ['dead', 'let-go']) await expect.poll(() => stateOf(key), { timeout: 20_000 }).toBe('archived');
    for (const key of ['dead', 'dead']) await ask(key);
    const within = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();
    expect(await states('--code', 'src', '--server', server.url, '--now', within(25))).toEqual([
      'renamed ghost',
      'dead zombie',
      'quiet ready_to_archive',
      'done needs_monitoring',
    ]);
    const young = ['--code', 'src', '--server', server.url, '--now', within(23)];
    expect((await states(...young)).slice(2)).toEqual(['done needs_monitoring', 'quiet needs_monitoring']);
    expect((await stale(...young)).out).toMatch(
      /not evaluated by the server since 20\S+, which is too short to tell\n/,
    );
    const { out, err } = await stale('--code', 'src', '--server', server.url, '--server', `${server.url}/`);
    expect(out).toMatch(/dead {2}zombie {2}team-a\n(?: {2}.*\n)* {2}evaluated 4 times by the server since 20\d\d-/);
    expect(out).toContain('not evaluated by the server since 20');
    expect(err).toContain('note: 2 evaluations of flags that are not there; servers keep no such names\n');
    await server.close();
    expect((await stale('--server', server.url)).err).toContain(`cannot reach a server at \`${server.url}\``);
  });

  it.each([
    [['--fail-on', 'old'], 'write some of potentially_stale'],
    [['--max-stale', '-1'], 'write a whole number'],
    [['--code', 'nowhere'], 'there is no directory'],
  ])('refuses %j', async (argv, message) => {
    repository = await makeRepository([{ files: { 'flags/flagstaff.yaml': PROJECT } }]);
    const { exit, err } = await stale(...argv);
    expect(exit).toBe(2);
    expect(err).toContain(message);
  });
});
