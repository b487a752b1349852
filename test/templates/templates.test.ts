import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { main } from '../../src/cli/main.js';
import { projectDirectory } from '../built.js';
import { memoryTerminal } from '../cli/memory-terminal.js';
import { change, type Expressions, fill, type Machine, makeMachine, readYaml, type Step } from './workflow.js';

const flag = (percent: number) =>
  `key: a\ntype: boolean\nowner: team-a\npurpose: operational\ndefault: off\nrollout: { split: { on: ${percent} } }\n`;
const project = 'environments: [development, production]\nreview: { max_impact: { production: 10 } }\n';
const test =
  'flag: a\ncases: [{ name: it works, context: { targetingKey: u }, bucket: 99, expect: { variant: off } }]\n';

interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly jobs: Readonly<
    Record<string, { readonly steps: readonly Step[]; readonly permissions?: Readonly<Record<string, string>> }>
  >;
}

let machine: Machine;

beforeEach(async () => {
  machine = await makeMachine({
    'my flags/flagstaff.yaml': project,
    'my flags/a.flag.yaml': flag(5),
    'my flags/a.test.yaml': test,
  });
});

afterEach(() => machine.repository.remove());

async function init(system: string) {
  const terminal = memoryTerminal({ cwd: machine.clone });
  const code = await main(['init', 'my flags', '--ci', system], terminal);
  return { code, out: terminal.out(), err: terminal.err() };
}

const scratch = (name: string) => readFile(machine.scratch(name), 'utf8');
const step = (steps: readonly Step[], name: string) => steps.find((each) => each.name === name) ?? {};

/** Runs a step as a workflow would. */
function runStep({ run = 'false', env = {} }: Step, expressions: Expressions, more: Readonly<Record<string, string>>) {
  const filled = Object.entries(env).map(([name, value]) => [name, fill(String(value), expressions)]);
  return machine.bash(fill(run, expressions), { ...more, ...Object.fromEntries(filled) });
}

const BASE = "github.event.merge_group.base_sha || format('origin/{0}', github.base_ref)";
const ACCEPTED = "contains(github.event.pull_request.labels.*.name, 'accept-impact') && 'label accept-impact' || ''";
const QUEUED = "github.event_name == 'merge_group' && 'the reviews of the queued pull requests' || ''";

describe('init --ci github', () => {
  const path = '.github/workflows/flagstaff.yml';
  const workflow = (name = path) => readYaml<Workflow>(join(machine.clone, name));
  const files = () => ({
    GITHUB_STEP_SUMMARY: machine.scratch('summary.md'),
    GITHUB_OUTPUT: machine.scratch('output'),
    FLAGS: 'my flags',
  });

  it('writes two workflows for flags that are there, and none of them twice', async () => {
    const { code, out } = await init('github');
    expect([code, out]).toEqual([0, '.github/workflows/flagstaff.yml\n.github/workflows/flagstaff-comment.yml\n']);
    expect((await workflow()).env).toEqual({ FLAGS: 'my flags' });
    expect((await init('github')).err).toContain('is there already; nothing was written');
  });

  it('asks for no token that can write where it runs what a pull request brings', async () => {
    await init('github');
    const { on, permissions, jobs } = await workflow();
    expect(Object.keys(on).sort()).toEqual(['merge_group', 'pull_request', 'push']);
    expect([permissions, jobs.flagstaff?.permissions]).toEqual([{ contents: 'read' }, undefined]);
    const runs = Object.values(jobs).filter(({ permissions: own }) => JSON.stringify(own ?? {}).includes('write'));
    expect(runs.flatMap(({ steps }) => steps).filter(({ run }) => run !== undefined)).toEqual([]);
    const comment = await workflow('.github/workflows/flagstaff-comment.yml');
    expect(comment.jobs.comment?.steps.filter(({ uses }) => uses?.includes('checkout'))).toEqual([]);
    for (const { steps } of [...Object.values(jobs), ...Object.values(comment.jobs)])
      for (const { run } of steps) expect(run ?? '').not.toContain('${{');
  });

  it('reviews a pull request against its base, and fails it by policy', async () => {
    await init('github');
    const { steps } = (await workflow()).jobs.flagstaff ?? { steps: [] };
    await change(machine, 'feature', { 'my flags/a.flag.yaml': flag(60) });
    const expressions = { [BASE]: 'origin/main', [ACCEPTED]: '', [QUEUED]: '' };
    const failed = await runStep(step(steps, 'Review'), expressions, files());
    expect(failed).toMatchObject({ code: 1, out: expect.stringContaining('::error') });
    const report = await readFile(join(machine.clone, 'flagstaff-review/review.md'), 'utf8');
    expect(report).toContain('<!-- flagstaff-review -->');
    expect(report).toContain('5% → 60%');
    expect(await scratch('summary.md')).toBe(report);
    const accepted = await runStep(
      step(steps, 'Review'),
      { ...expressions, [ACCEPTED]: 'label accept-impact' },
      files(),
    );
    expect(accepted.code).toBe(0);
    const queued = await runStep(
      step(steps, 'Review'),
      { ...expressions, [BASE]: await machine.git('rev-parse', 'origin/main'), [QUEUED]: 'the reviews' },
      files(),
    );
    expect(queued.code).toBe(0);
  });

  it('lints, tests and writes SARIF on the main branch', async () => {
    await init('github');
    const { steps } = (await workflow()).jobs.flagstaff ?? { steps: [] };
    for (const name of ['Install', 'Lint', 'Test', 'SARIF'])
      expect((await runStep(step(steps, name), {}, files())).code).toBe(0);
    await writeFile(join(machine.clone, 'my flags/a.flag.yaml'), flag(5).replace('default', 'defualt'));
    expect((await runStep(step(steps, 'Lint'), {}, files())).code).toBe(1);
    expect((await runStep(step(steps, 'Test'), {}, files())).code).toBe(1);
    expect((await runStep(step(steps, 'SARIF'), {}, files())).code).toBe(0);
    expect(JSON.parse(await readFile(join(machine.clone, 'flagstaff.sarif'), 'utf8')).runs[0].results).not.toEqual([]);
    expect((await runStep(step(steps, 'SARIF'), {}, { ...files(), FLAGS: 'nowhere' })).code).toBe(1);
  });

  it('comments once, on the pull request that GitHub names, and then changes the comment', async () => {
    await init('github');
    const { steps } = (await workflow('.github/workflows/flagstaff-comment.yml')).jobs.comment ?? { steps: [] };
    await mkdir(join(machine.clone, 'flagstaff-review'));
    await writeFile(
      join(machine.clone, 'flagstaff-review/review.md'),
      `<!-- flagstaff-review -->\nbad $(touch x) news\n${'x'.repeat(70_000)}`,
    );
    const expressions = {
      'github.token': 'secret',
      'github.repository': 'acme/shop',
      'github.event.workflow_run.head_repository.owner.login': 'fork',
      'github.event.workflow_run.head_branch': '$(touch x)',
      'github.event.workflow_run.head_sha': 'abc',
    };
    const asked = async (number: string, comment: string) => {
      await machine.program(
        'gh',
        `printf '%s\\n' "$*" >> ${machine.scratch('calls')}\n[[ "$*" == *comment.md* ]] && cp comment.md ${machine.scratch('posted')}\n[[ "$*" == *"repos/acme/shop/pulls --field"* ]] && echo '${number}'\n[[ "$*" == *--paginate* ]] && echo '${comment}'\nexit 0`,
      );
      await writeFile(machine.scratch('calls'), '');
      expect((await runStep(step(steps, 'Comment'), expressions, {})).code).toBe(0);
      return (await scratch('calls')).trimEnd().split('\n');
    };
    const first = await asked('7', '');
    expect(first[0]).toContain('--field head=fork:$(touch x)');
    expect(first.at(-1)).toBe('api --method POST repos/acme/shop/issues/7/comments --field body=@comment.md --silent');
    const posted = await scratch('posted');
    expect(posted.startsWith('<!-- flagstaff-review -->\nbad $(touch x) news\n')).toBe(true);
    expect(posted.match(/<!-- flagstaff-review -->/g)).toHaveLength(1);
    expect(posted.length).toBeLessThan(65_536);
    expect((await asked('7', '99')).at(-1)).toContain(
      '--method PATCH repos/acme/shop/issues/comments/99 --field body=@comment.md',
    );
    expect(await asked('', '')).toHaveLength(1);
    await expect(readFile(join(machine.clone, 'x'))).rejects.toThrow('ENOENT');
  });
});

describe('init --ci gitlab', () => {
  it('reviews a merge request against its target', async () => {
    expect((await init('gitlab')).out).toBe('flagstaff.gitlab-ci.yml\n');
    interface Job {
      readonly script: readonly string[];
      readonly variables: Readonly<Record<string, string>>;
    }
    const jobs = await readYaml<Readonly<Record<string, Job>>>(join(machine.clone, 'flagstaff.gitlab-ci.yml'));
    const env = { ...jobs['.flagstaff']?.variables, CI_MERGE_REQUEST_TARGET_BRANCH_NAME: 'main' };
    const script = (name: string) => jobs[name]?.script.join('\n') ?? 'false';
    await change(machine, 'feature', { 'my flags/a.flag.yaml': flag(60) });
    const failed = await machine.bash(script('flagstaff:review'), env);
    expect(failed).toMatchObject({ code: 1, out: expect.stringContaining('5% → 60%') });
    expect(await readFile(join(machine.clone, 'flagstaff.xml'), 'utf8')).toContain('<testsuite');
    expect((await machine.bash(script('flagstaff:review'), { ...env, FLAGSTAFF_ACCEPTED_BY: 'ada' })).code).toBe(0);
    expect((await machine.bash(script('flagstaff:lint'), env)).code).toBe(0);
  });
});

describe('init --ci', () => {
  it('writes the starter too where there are no flags yet, and refuses flags that lie elsewhere', async () => {
    const terminal = memoryTerminal({ cwd: machine.clone });
    expect(await main(['init', 'flags', '--ci', 'gitlab'], terminal)).toBe(0);
    expect(terminal.out()).toContain('flags/flagstaff.yaml\n');
    const outside = memoryTerminal({ cwd: join(machine.clone, 'flags') });
    expect(await main(['init', '..', '--ci', 'github'], outside)).toBe(2);
  });
});

describe('action.yml', () => {
  it('reviews against a base, and lints and tests without one', async () => {
    const { runs, inputs } = await readYaml<{
      runs: { using: string; steps: readonly Step[] };
      inputs: Readonly<Record<string, { default: string }>>;
    }>(join(projectDirectory, 'action.yml'));
    expect(runs.using).toBe('composite');
    const expressions = (given: Readonly<Record<string, string>>) =>
      Object.fromEntries(
        Object.entries(inputs).map(([name, input]) => [`inputs.${name}`, given[name] ?? input.default]),
      );
    const files = {
      RUNNER_TEMP: machine.scratch(''),
      GITHUB_OUTPUT: machine.scratch('output'),
      GITHUB_STEP_SUMMARY: machine.scratch('summary.md'),
    };
    const check = (given: Readonly<Record<string, string>>) =>
      runStep(step(runs.steps, 'Check'), expressions({ flags: 'my flags', ...given }), files);
    expect((await runStep(step(runs.steps, 'Install'), expressions({}), {})).code).toBe(0);
    expect((await check({})).code).toBe(0);
    await change(machine, 'feature', { 'my flags/a.flag.yaml': flag(60) });
    expect((await check({ base: 'origin/main' })).code).toBe(1);
    expect(await scratch('output')).toMatch(/^report=.*flagstaff-review\.md\n$/);
    expect(await scratch('flagstaff-review.md')).toContain('5% → 60%');
    expect((await check({ base: 'origin/main', 'accept-impact': 'ada' })).code).toBe(0);
  });
});

describe('.pre-commit-hooks.yaml', () => {
  it('names commands that run from the top of a repository, for the files that they concern', async () => {
    const hooks = await readYaml<readonly { entry: string; files: string }[]>(
      join(projectDirectory, '.pre-commit-hooks.yaml'),
    );
    await machine.git('mv', 'my flags', 'flags');
    for (const { entry, files } of hooks) {
      expect((await machine.bash(entry)).code).toBe(0);
      for (const path of [
        'flagstaff.yaml',
        'flags/flagstaff.yaml',
        'x/a.flag.yaml',
        'a.b.override.yaml',
        'x.test.yaml',
      ])
        expect(path).toMatch(new RegExp(files));
      for (const path of ['values.yaml', 'notflagstaff.yaml', 'a.flag.yml'])
        expect(path).not.toMatch(new RegExp(files));
    }
    await writeFile(join(machine.clone, 'flags/a.flag.yaml'), 'key: a\n');
    for (const { entry } of hooks) expect((await machine.bash(entry)).code).toBe(1);
  });
});

describe('flagstaff codeowners', () => {
  it('says who owns what, as far as such a file can say it', async () => {
    await change(machine, 'owners', {
      'my flags/flagstaff.yaml': `${project}protected: [production]\n`,
      'my flags/a.production.override.yaml': 'flag: a\nenvironment: production\ndefault: off\n',
      'my flags/b.flag.yaml': flag(1).replace('key: a', 'key: b').replace('team-a', 'Ada Lovelace'),
      'my flags/c.flag.yaml': flag(1).replace('key: a', 'key: c').replace('team-a', 'ada@example.com'),
      'my flags/d.flag.yaml': flag(1).replace('key: a', 'key: d').replace('owner: team-a\n', ''),
      'my flags/s.segment.yaml': 'key: s\nowner: "@acme/web"\nincluded: [u]\n',
    });
    const terminal = {
      ...memoryTerminal({ cwd: join(machine.clone, 'my flags') }),
      env: machine.repository.environment,
    };
    const argv = [
      'codeowners',
      '--organisation',
      'acme',
      '--policy',
      '@acme/platform',
      '--protectors',
      '@acme/release',
    ];
    expect(await main(argv, terminal)).toBe(1);
    expect(terminal.out()).toBe(
      [
        '# Written by `flagstaff codeowners`.',
        '/my\\ flags/a.flag.yaml @acme/team-a',
        '/my\\ flags/a.production.override.yaml @acme/team-a',
        '/my\\ flags/c.flag.yaml ada@example.com',
        '/my\\ flags/s.segment.yaml @acme/web',
        '/my\\ flags/flagstaff.yaml @acme/platform',
        '/my\\ flags/**/*.production.override.yaml @acme/release',
        '',
      ].join('\n'),
    );
    expect(terminal.err()).toContain('note: `b.flag.yaml` is left out');
    await writeFile(join(machine.clone, 'my flags/b.flag.yaml'), 'key: b\n');
    expect(await main(['codeowners'], terminal)).toBe(1);
    const plain = { ...memoryTerminal({ cwd: machine.clone }), env: machine.repository.environment };
    await machine.git('rm', '-rfq', 'my flags');
    await mkdir(join(machine.clone, 'flags'));
    await writeFile(join(machine.clone, 'flags/flagstaff.yaml'), project);
    expect(await main(['codeowners'], plain)).toBe(0);
    expect(plain.out()).toBe('# Written by `flagstaff codeowners`.\n');
  });
});
