import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main } from '../../src/cli/main.js';
import { makeRepository, type TestRepository } from '../repository.js';
import { memoryTerminal } from './memory-terminal.js';
import { violations } from './schemas.js';

const project = (limit: number) => `environments: [development, production]
context: { country: { type: string } }
review: { max_impact: { production: ${limit} }, population: users.ndjson }
`;
const flag = (country: string) => `key: a
type: boolean
owner: x
default: off
rules: [{ name: Home, conditions: [{ attribute: country, operator: eq, value: ${country} }], serve: on }]
`;
const users = (country: string) => `{"targetingKey":"u","country":"${country}"}\n{"targetingKey":"v","country":"IT"}\n`;

let repository: TestRepository;

beforeAll(async () => {
  repository = await makeRepository([
    {
      files: {
        'flags/flagstaff.yaml': project(90),
        'flags/users.ndjson': users('DE'),
        'flags/a.flag.yaml': flag('DE'),
      },
    },
    { on: 'feature', files: { 'flags/a.flag.yaml': flag('FR') } },
    {
      on: 'main',
      files: { 'flags/flagstaff.yaml': project(10), 'flags/b.flag.yaml': flag('DE').replace('key: a', 'key: b') },
    },
    { on: 'feature', files: { 'flags/users.ndjson': users('ES') } },
  ]);
});

afterAll(() => repository.remove());

async function run(...argv: readonly string[]) {
  const terminal = { ...memoryTerminal({ cwd: repository.dir }), env: repository.environment };
  const code = await main(['review', ...argv], terminal);
  return { code, out: terminal.out(), err: terminal.err() };
}

describe('flagstaff review', () => {
  it('judges by the newest base and sees what changed since the change began', async () => {
    const { code, out, err } = await run('--base', 'main', '--format', 'json');
    expect({ code, err }).toEqual({ code: 1, err: '' });
    const data = JSON.parse(out);
    expect(violations('review', data)).toEqual([]);
    expect(data.diff.from).toBe(repository.commits[0]?.slice(0, 12));
    expect(data.diff.changes.map(({ text }: { text: string }) => text)).toEqual([
      'rule "Home": country is DE → country is FR',
    ]);
    expect(data.findings).toMatchObject([{ code: 'review/impact', file: 'flags/a.flag.yaml' }]);
    expect(data.policy.at(-1)).toEqual({ rule: 'max_impact.production', ok: false, detail: 'beyond 10%: a' });
  });

  it('takes the population of the base, whatever the change makes of it', async () => {
    const { out } = await run('--base', 'main', '--format', 'json');
    const { diff } = JSON.parse(out);
    expect(diff.population).toEqual({ kind: 'file', size: 2, source: 'users.ndjson' });
    expect(diff.impact).toMatchObject([{ share: 0.5 }, { share: 0.5 }]);
  });

  it('passes when somebody accepts the impact', async () => {
    const { code, out } = await run('--base', 'main', '--accept-impact', 'ada');
    expect(code).toBe(0);
    expect(out).toContain('### Flagstaff review: :white_check_mark: pass');
    expect(out).toContain('beyond 10%: a; accepted by ada');
  });

  it('counts what is not committed yet', async () => {
    await repository.write({ 'flags/a.flag.yaml': flag('DE') });
    const { code, out } = await run('--base', 'main', '--format', 'text');
    await repository.write({ 'flags/a.flag.yaml': flag('FR') });
    expect(code).toBe(0);
    expect(out).toContain('no changes in meaning');
  });

  it('prints for GitHub', async () => {
    const { out } = await run('--base', 'main', '--format', 'github');
    expect(out).toMatch(/^::error file=flags\/a\.flag\.yaml,line=1,.*title=review\/impact::/);
  });

  it.each([
    [['--base', 'nowhere'], 'error: there is no revision `nowhere`\n'],
    [[], 'error: required option `--base <REV>` not specified\n'],
  ])('refuses %j', async (argv, message) => {
    const { code, out, err } = await run(...argv);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err.startsWith(message)).toBe(true);
  });
});
