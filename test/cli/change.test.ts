import { readFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { main } from '../../src/cli/main.js';
import { makeRepository, type TestRepository } from '../repository.js';
import { memoryTerminal } from './memory-terminal.js';

const files = {
  'flags/flagstaff.yaml':
    'environments: [development, production]\nprotected: [production]\ncontext: { plan: { type: string }, country: { type: string } }\n',
  'flags/checkout.flag.yaml': `# one page
key: checkout
type: boolean
owner: team-a # who

default: off
rules:
  # they pay
  - name: Premium
    conditions: [{ attribute: plan, operator: eq, value: pro }]
    serve: on
  - name: Staff
    conditions: [{ operator: in_segment, value: staff }]
    serve: on
rollout: { split: { on: 25 } } # careful
`,
  'flags/cart.flag.yaml':
    'key: cart\ntype: boolean\nowner: team-a\ndefault: off\nprerequisites: [{ flag: checkout, variants: [on] }]\n',
  'flags/staff.segment.yaml': 'key: staff\nincluded: [u1]\n',
};

let repository: TestRepository;

beforeEach(async () => {
  repository = await makeRepository([{ files }]);
});

afterEach(() => repository.remove());

async function run(...argv: readonly string[]) {
  const terminal = { ...memoryTerminal({ cwd: repository.dir }), env: repository.environment };
  const code = await main(argv, terminal);
  return { code, out: terminal.out(), err: terminal.err() };
}

const read = (path: string) => readFile(repository.path('flags', path), 'utf8');
const flag = files['flags/checkout.flag.yaml'];

describe('a command that changes a flag', () => {
  it('writes what was asked for, and says what that means', async () => {
    const { code, out, err } = await run('rollout', 'checkout', 'on=50');
    expect([code, err]).toEqual([0, 'wrote flags/checkout.flag.yaml\n']);
    expect(out).toContain('rollout on 25% → 50%');
    expect(await read('checkout.flag.yaml')).toBe(flag.replace('25', '50'));
  });

  it('shows the lines and the meaning on a dry run, and writes nothing', async () => {
    const { code, out, err } = await run(
      'rollout',
      'checkout',
      'on=50',
      '--commit',
      '--reason',
      'it works',
      '--dry-run',
    );
    expect([code, err]).toEqual([0, 'nothing was written: this was a dry run\n']);
    expect(out).toContain('--- a/flags/checkout.flag.yaml\n+++ b/flags/checkout.flag.yaml\n@@ -12,4 +12,4 @@\n');
    expect(out).toContain('\n-rollout: { split: { on: 25 } } # careful\n+rollout: { split: { on: 50 } } # careful\n');
    expect(out).toContain('checkout: rollout on 25% to 50%\n\nReason: it works\n');
    expect(await repository.git('status', '--porcelain')).toBe('');
  });

  it('commits that one file with words and the reason, on a branch when asked', async () => {
    await repository.write({ 'app.js': 'mine\n' });
    await repository.git('add', 'app.js');
    const { code, err } = await run(
      'enable',
      'checkout',
      '--env',
      'production',
      '--reason',
      'QA\n\nSigned-off-by: x',
      '--branch',
      'on',
    );
    expect(code).toBe(0);
    expect(err).toMatch(/^committed [0-9a-f]+: flags\/checkout\.production\.override\.yaml\n$/);
    expect(await repository.git('log', '-1', '--format=%B', 'on')).toMatch(
      /^checkout: production: .*\nReason: QA Signed-off-by: x\n$/s,
    );
    expect(await repository.git('show', '--name-only', '--format=', 'on')).toBe(
      'flags/checkout.production.override.yaml',
    );
    expect(await repository.git('status', '--porcelain')).toBe('A  app.js');
  });

  it('is refused when the result would not lint, and the file stays', async () => {
    const { code, out, err } = await run('rollout', 'checkout', 'on=150');
    expect([code, out]).toEqual([1, '']);
    expect(err).toContain('schema/invalid-value');
    expect(err).toContain('refused: this is what would be wrong then; nothing was written');
    expect(await read('checkout.flag.yaml')).toBe(flag);
  });

  it('does not mind what was wrong elsewhere before', async () => {
    await repository.write({ 'flags/odd.flag.yaml': 'key: odd\ntype: boolean\ndefualt: off\n' });
    expect(await run('disable', 'checkout')).toEqual({ code: 0, out: '', err: 'wrote flags/checkout.flag.yaml\n' });
    expect((await run('disable', 'odd')).err).toContain('the file of flag `odd` has a problem');
    await repository.write({ 'flags/flagstaff.yaml': 'environments: {}\n' });
    expect((await run('enable', 'checkout')).code).toBe(1);
  });

  it('tells of new warnings', async () => {
    expect((await run('create', 'lonely')).err).toContain('hygiene/missing-owner');
  });

  it('does nothing when it is so already', async () => {
    expect(await run('enable', 'checkout')).toEqual({
      code: 0,
      out: '',
      err: 'nothing to change: `checkout` is so already\n',
    });
  });

  it('refuses a reason that nobody would keep', async () => {
    expect((await run('enable', 'checkout', '--reason', 'x')).err).toContain('a reason is kept in a commit');
  });
});

describe('each command', () => {
  it('changes back what it changed, to the byte', async () => {
    for (const [there, back] of [
      [
        ['override', 'add', 'checkout', 'on', 'u1', 'u2'],
        ['override', 'remove', 'checkout', 'u1', 'u2'],
      ],
      [
        ['rule', 'move', 'checkout', 'Staff', '--first'],
        ['rule', 'move', 'checkout', 'Staff', '--last'],
      ],
      [
        [
          'rule',
          'add',
          'checkout',
          '--name',
          'DE',
          '--if',
          'country in [DE, AT]',
          '--serve',
          'on',
          '--after',
          'Premium',
        ],
        ['rule', 'remove', 'checkout', 'DE'],
      ],
      [
        ['set', 'checkout', 'owner=team-b', 'tags=[web]'],
        ['set', 'checkout', 'owner=team-a', '--unset', 'tags'],
      ],
      [
        ['disable', 'checkout', '--env', 'development'],
        ['set', 'checkout', '--unset', 'enabled', '--env', 'development'],
      ],
      [
        ['rollout', 'checkout', 'on=26'],
        ['rollout', 'checkout', 'on=25'],
      ],
    ]) {
      expect((await run(...(there ?? []))).code).toBe(0);
      expect(await read('checkout.flag.yaml')).not.toBe(flag);
      expect((await run(...(back ?? []))).code).toBe(0);
      expect(await read('checkout.flag.yaml')).toBe(flag);
    }
  });

  it('archives what nobody asks for, and restores it', async () => {
    expect(await run('archive', 'checkout')).toEqual({
      code: 1,
      out: '',
      err: [
        'error: `checkout` cannot be archived while others ask for it',
        '  flag `cart`  flags/cart.flag.yaml:5',
        'help: free them of it first; nothing was written\n',
      ].join('\n'),
    });
    expect(await read('checkout.flag.yaml')).toBe(flag);
    expect((await run('archive', 'cart')).out).toContain('archived');
    expect((await run('archive', 'checkout')).code).toBe(0);
    expect((await run('restore', 'checkout')).code).toBe(0);
    expect(await read('checkout.flag.yaml')).toBe(flag);
  });

  it('names the groups and conditions that keep a flag from being archived', async () => {
    await repository.write({
      'flags/ab.flag.yaml': 'key: ab\ntype: boolean\nowner: x\ndefault: off\nexperiment: { split: { on: 100 } }\n',
      'flags/free.group.yaml': 'key: free\nslots:\n  - { flag: ab, range: [0, 50] }\n',
      'flags/seen.flag.yaml':
        'key: seen\ntype: boolean\nowner: x\ndefault: off\nrules:\n  - conditions: [{ operator: serves, flag: ab, value: [on] }]\n    serve: on\n',
    });
    const { code, err } = await run('archive', 'ab');
    expect(code).toBe(1);
    expect(err).toContain('  flag `seen`  flags/seen.flag.yaml:6\n');
    expect(err).toContain('  group `free`  flags/free.group.yaml:3\n');
  });

  it('says what to put in the place of an archived flag', async () => {
    const split = 'key: half\ntype: boolean\nowner: x\ndefault: off\n';
    const half = 'flag: half\nenvironment: production\ndefault: off\nrollout: { split: { on: 50 } }\n';
    await repository.write({ 'flags/half.flag.yaml': split, 'flags/half.production.override.yaml': half });
    const { err } = await run('archive', 'half', '--dry-run');
    expect(err).toContain("answers differ: once it is archived, everyone gets the caller's own default\n");
    const one = 'key: one\ntype: string\nowner: x\nvariants: { a: old, b: "new" }\ndefault: a\n';
    const production = 'flag: one\nenvironment: production\ndefault: b\n';
    await repository.write({ 'flags/one.flag.yaml': one, 'flags/one.production.override.yaml': production });
    const archived = await run('archive', 'one');
    expect(archived.err).toBe(
      'wrote flags/one.flag.yaml\neveryone gets `b` ("new"): put that in its place in the code\n',
    );
    expect((await run('archive', 'one')).err).toBe('nothing to change: `one` is so already\n');
  });

  it('creates flags and segments', async () => {
    const created = ['create', 'button', '--type', 'string', '--variant', 'a=007', '--variant', 'b=on', '--tag', 'web'];
    expect((await run(...created, '--owner', 'me', '--in', 'web/ui', '--description', 'A button')).code).toBe(0);
    expect(await read('web/ui/button.flag.yaml')).toBe(
      "key: button\ndescription: A button\ntype: string\nowner: me\ntags: [web]\nvariants: { a: '007', b: on }\ndefault: a\n",
    );
    expect((await run('create', 'size', '--type', 'number', '--variant', 's=1', '--owner', 'me')).code).toBe(0);
    expect((await run('create', 'json', '--type', 'json', '--owner', 'me')).code).toBe(1);
    expect((await run('create', 'x/y')).code).toBe(1);
    const segment = [
      'segment',
      'create',
      'eu',
      '--if',
      'country in [DE, FR]',
      '--if',
      '{ not: { operator: in_segment, value: staff } }',
    ];
    expect(
      (
        await run(
          ...segment,
          '--parent',
          'staff',
          '--include',
          'u5',
          '--exclude',
          'u6',
          '--owner',
          'me',
          '--description',
          'EU',
        )
      ).code,
    ).toBe(0);
    expect((await run('segment', 'include', 'eu', 'u7')).code).toBe(0);
    expect((await run('segment', 'exclude', 'eu', 'u8')).code).toBe(0);
    expect((await run('segment', 'unlist', 'eu', 'u5', 'u6')).code).toBe(0);
    expect((await run('segment', 'set', 'eu', 'conditions.0.value=[NL]')).out).toContain('eu');
    expect(await read('eu.segment.yaml')).toBe(
      'key: eu\ndescription: EU\nowner: me\nparent: staff\nconditions:\n' +
        '  - { attribute: country, operator: in, value: [NL] }\n  - { not: { operator: in_segment, value: staff } }\n' +
        'included: [u7]\nexcluded: [u8]\n',
    );
  });

  it('adds rules that split, and rollouts with a percentage, and takes a rollout away', async () => {
    expect(
      (
        await run(
          'rule',
          'add',
          'checkout',
          '--if',
          'plan exists',
          '--split',
          'on=50',
          '--split',
          'off=50',
          '--before',
          'Staff',
        )
      ).code,
    ).toBe(0);
    expect(await read('checkout.flag.yaml')).toContain('split: { on: 50, off: 50 }');
    expect((await run('rollout', 'checkout', 'on=60', 'off=40', '--percent', '10')).code).toBe(0);
    expect(await read('checkout.flag.yaml')).toContain(
      'rollout: { split: { on: 60, off: 40 }, percent: 10 } # careful',
    );
    expect((await run('rollout', 'checkout', '--remove')).code).toBe(0);
    expect(await read('checkout.flag.yaml')).not.toContain('rollout');
  });

  it.each([
    [['rollout', 'checkout'], 'say how far to roll out'],
    [['rollout', 'checkout', 'on=1', '--remove'], 'say how far to roll out'],
    [['rollout', 'checkout', 'on'], '`on` has no `=`'],
    [['rollout', 'checkout', 'on=x'], '`x` is no percentage'],
    [['rule', 'add', 'checkout', '--if', 'plan exists'], 'a rule serves one variant, or splits'],
    [['rule', 'add', 'checkout', '--if', 'plan', '--serve', 'on'], '`plan` is no condition'],
    [['rule', 'add', 'checkout', '--if', 'plan eq [', '--serve', 'on'], '`[` is no value'],
    [['rule', 'move', 'checkout', 'Staff'], 'say where to'],
    [['rule', 'move', 'checkout', 'Staff', '--first', '--last'], 'a rule can be in one place only'],
    [['set', 'checkout'], 'say what to set'],
    [['set', 'checkout', 'owner='], '`` is no value'],
    [['set', 'checkout', 'type=string'], '`type` cannot change'],
    [['enable', 'chekout'], 'there is no flag `chekout`'],
    [['rule', 'ad', 'checkout'], 'unknown command `ad`'],
  ])('says what is missing in %j', async (argv, message) => {
    const { code, err } = await run(...argv);
    expect([code, err]).toEqual([2, expect.stringContaining(message)]);
    expect(err).toContain('help: ');
    expect(await repository.git('status', '--porcelain')).toBe('');
  });

  it('explains a group of commands by their examples', async () => {
    const { code, out } = await run('rule', '--help');
    expect(code).toBe(0);
    expect(out).toContain('$ flagstaff rule move');
    expect((await run('rule', 'move', '--help')).out).toContain('$ flagstaff rule move');
  });
});
