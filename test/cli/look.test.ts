import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main } from '../../src/cli/main.js';
import { makeDirectory, memoryTerminal } from './memory-terminal.js';
import { violations } from './schemas.js';
import { shop } from './shop.js';

let dir: string;
let remove: () => Promise<void>;

beforeAll(async () => {
  ({ dir, remove } = await makeDirectory({ ...shop, 'elsewhere/.keep': '' }));
});

afterAll(() => remove());

async function run(argv: readonly string[], cwd = dir) {
  const terminal = memoryTerminal({ cwd });
  const code = await main(argv, terminal);
  return { code, out: terminal.out(), err: terminal.err() };
}

describe('list', () => {
  it('says in few words what each flag does in each environment', async () => {
    expect(await run(['list'])).toEqual({
      code: 0,
      err: '',
      out: [
        'FLAG      TYPE     STATE     DEVELOPMENT       STAGING                        PRODUCTION   OWNER',
        'gone      boolean  archived  archived          archived                       archived     team-checkout',
        'limit     number   active    2 rules           2 rules                        no variant   team-checkout',
        'one-page  boolean  active    1 rule, 100 % on  prerequisite, 1 rule, 25 % on  killed: off  team-checkout',
        'payments  string   active    1 rule            1 rule                         no variant   team-payments',
        '',
      ].join('\n'),
    });
  });

  it.each([
    [
      ['--tag', 'web'],
      ['one-page', 'payments'],
    ],
    [['--tag', 'web', '--tag', 'checkout'], ['one-page']],
    [['--owner', 'team-payments'], ['payments']],
    [['--state', 'archived'], ['gone']],
    [
      ['--state', 'active', '--owner', 'team-checkout'],
      ['limit', 'one-page'],
    ],
    [['--tag', 'none'], []],
  ])('keeps what %j asks for', async (argv, keys) => {
    const { out } = await run(['list', ...argv, '--format', 'json']);
    const flags: { key: string }[] = JSON.parse(out);
    expect(flags.map(({ key }) => key)).toEqual(keys);
    expect(violations('list', flags)).toEqual([]);
  });

  it('shows one environment alone, and says that there are none', async () => {
    const { out } = await run(['list', '-e', 'production', '--format', 'json', '--tag', 'checkout']);
    expect(JSON.parse(out)).toEqual([
      {
        key: 'one-page',
        type: 'boolean',
        state: 'active',
        owner: 'team-checkout',
        tags: ['web', 'checkout'],
        file: 'checkout/one-page.flag.yaml',
        environments: { production: 'killed: off' },
      },
    ]);
    expect(await run(['list', '--owner', 'nobody'])).toEqual({ code: 0, out: '', err: 'no flags\n' });
  });
});

describe('show', () => {
  it('shows a flag with its overrides merged, each part below the file that says so', async () => {
    const { code, out } = await run(['show', 'one-page', '--env', 'development']);
    expect(code).toBe(0);
    expect(out).toBe(
      [
        '# checkout/one-page.flag.yaml',
        'key: one-page',
        'type: boolean',
        'owner: team-checkout',
        'tags: [web, checkout]',
        'expose: [server]',
        'state: active',
        'bucket_by: targetingKey',
        'seed: one-page',
        '',
        '# in development: checkout/one-page.flag.yaml',
        'default: off',
        'rules:',
        '  - name: Staff',
        '    conditions:',
        '      - {operator: in_segment, value: staff}',
        '    serve: on',
        '',
        '# in development: checkout/one-page.flag.yaml#/environments/development',
        'rollout:',
        '  split: {on: 100}',
        '',
        '# in development: left out, so the default',
        'enabled: true',
        'off_variant: off',
        '',
      ].join('\n'),
    );
  });

  it('takes nothing from the flag file in a protected environment', async () => {
    const { out } = await run(['show', 'one-page', '--env', 'production', '--format', 'json']);
    const shown = JSON.parse(out);
    expect(violations('show', shown)).toEqual([]);
    const file = 'checkout/one-page.production.override.yaml';
    expect(shown).toMatchObject({ environment: 'production', from: { default: file, enabled: file } });
    expect(shown.flag).toMatchObject({ enabled: false, default: 'off', off_variant: 'off' });
    expect(shown.flag).not.toHaveProperty('rules');
    expect(shown.flag).not.toHaveProperty('rollout');
  });

  it('names a flag that may be meant', async () => {
    const error = 'error: there is no flag `limits`\nhelp: did you mean `limit`?\n';
    expect(await run(['show', 'limits'])).toEqual({ code: 2, out: '', err: error });
    expect((await run(['show', 'x'])).err).toContain('help: `flagstaff list` lists the flags');
  });
});

describe('graph', () => {
  it('draws prerequisites, conditions and parents for Mermaid', async () => {
    const { code, out } = await run(['graph']);
    expect(code).toBe(0);
    expect(out).toBe(
      [
        'flowchart LR',
        '  f0["gone"]:::inactive',
        '  f1["limit"]',
        '  f2["one-page"]',
        '  f3["payments"]',
        '  s0(["people"])',
        '  s1(["staff"])',
        '  f2 -->|"new"| f3',
        '  f2 -.-> s1',
        '  s1 --> s0',
        '  classDef inactive stroke-dasharray: 4 4,opacity: 0.6',
        '',
      ].join('\n'),
    );
  });

  it('draws what stands in one environment for Graphviz', async () => {
    const { out } = await run(['graph', '--format', 'dot', '-e', 'development']);
    expect(out).toMatch(/^digraph flags \{\n {2}rankdir=LR;\n/);
    expect(out).toContain('  f2 -> s1 [style=dashed];\n');
    expect(out).not.toContain('f2 -> f3');
    expect(out.trimEnd().endsWith('}')).toBe(true);
  });

  it('draws each `serves` with the variants it asks for', async () => {
    const flag =
      'key: follower\ntype: boolean\ndefault: off\nrules:\n' +
      '  - conditions: [{ any: [{ flag: payments, operator: serves, value: [old, new] }, { not: { operator: in_segment, value: staff } }] }]\n' +
      '    serve: on\n';
    const other = await makeDirectory({ ...shop, 'follower.flag.yaml': flag });
    const { out } = await run(['graph'], other.dir);
    expect(out).toContain('  f0 -.->|"old, new"| f4\n  f0 -.-> s1\n');
    await other.remove();
  });
});

describe('the repository', () => {
  it('is the nearest upwards, else ./flags', async () => {
    const all = await run(['list']);
    expect(await run(['list'], `${dir}/elsewhere`)).toEqual(all);
    const above = await makeDirectory(
      Object.fromEntries(Object.entries(shop).map(([path, text]) => [`flags/${path}`, text])),
    );
    expect(await run(['list'], above.dir)).toEqual(all);
    await above.remove();
  });

  it('is the one that was named, before or after the command', async () => {
    const all = await run(['list']);
    expect(await run(['list', '-C', dir], '/')).toEqual(all);
    expect(await run(['-C', dir, 'list'], '/')).toEqual(all);
    expect(await run(['list', '--dir', '.'])).toEqual(all);
  });
});

describe('lint', () => {
  const bad = { ...shop, 'bad.flag.yaml': 'key: bad\ntype: boolean\ndefault: maybe\nowner: me\n' };

  it('prints findings with paths as seen from here, and ends with 1', async () => {
    const above = await makeDirectory(
      Object.fromEntries(Object.entries(bad).map(([path, text]) => [`flags/${path}`, text])),
    );
    const { code, out, err } = await run(['lint'], above.dir);
    expect({ code, err }).toEqual({ code: 1, err: '' });
    expect(out).toContain('flags/bad.flag.yaml:3:10  error  reference/unknown-variant\n');
    const json = JSON.parse((await run(['lint', 'flags', '--format', 'json'], above.dir)).out);
    expect(json.diagnostics[0].file).toBe('flags/bad.flag.yaml');
    const outside = JSON.parse((await run(['lint', '-C', `${above.dir}/flags`, '--format', 'json'])).out);
    expect(outside.diagnostics[0].file).toBe('bad.flag.yaml');
    expect((await run(['lint', '--format', 'github'], above.dir)).out).toMatch(
      /^::error file=flags\/bad\.flag\.yaml,line=3,/m,
    );
    const sarif = JSON.parse((await run(['lint', '--format', 'sarif'], above.dir)).out);
    expect(sarif.runs[0].results[0].locations[0].physicalLocation.artifactLocation.uri).toBe('flags/bad.flag.yaml');
    await above.remove();
  });

  it('counts warnings against --max-warnings', async () => {
    const { summary } = JSON.parse((await run(['lint', '--format', 'json'])).out);
    expect(summary.errors).toBe(0);
    expect(summary.warnings).toBeGreaterThan(0);
    expect((await run(['lint'])).code).toBe(0);
    expect((await run(['lint', '--max-warnings', String(summary.warnings)])).code).toBe(0);
    expect((await run(['lint', '--max-warnings', String(summary.warnings - 1)])).code).toBe(1);
  });

  it('takes the time from --now', async () => {
    const flag = 'key: late\ntype: boolean\nowner: me\ndefault: off\nremove_by: 2026-06-01\n';
    const other = await makeDirectory({ ...shop, 'late.flag.yaml': flag });
    expect((await run(['lint', '--now', '2026-05-31'], other.dir)).out).not.toContain('hygiene/overdue');
    expect((await run(['lint', '--now', '2026-06-02'], other.dir)).out).toContain('hygiene/overdue');
    await other.remove();
  });

  it('refuses a named directory that holds no project, and reads nothing in it', async () => {
    const named = `${dir}/checkout`;
    expect(await run(['lint', named])).toEqual({
      code: 2,
      out: '',
      err: `error: no \`flagstaff.yaml\` in \`${named}\`\nhelp: begin a flag repository with \`flagstaff init ${named}\`\n`,
    });
  });
});
