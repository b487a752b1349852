import { readFile, writeFile } from 'node:fs/promises';
import murmurhash from 'murmurhash';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main } from '../../src/cli/main.js';
import type { EvaluationRow } from '../../src/report/evaluation-row.js';
import { makeDirectory, memoryTerminal, type TerminalSetting } from './memory-terminal.js';
import { violations } from './schemas.js';
import { shop } from './shop.js';

let dir: string;
let remove: () => Promise<void>;

beforeAll(async () => {
  ({ dir, remove } = await makeDirectory(shop));
});

afterAll(() => remove());

async function run(argv: readonly string[], setting: Partial<TerminalSetting> = {}) {
  const terminal = memoryTerminal({ cwd: dir, ...setting });
  const code = await main(['eval', ...argv], terminal);
  return { code, out: terminal.out(), err: terminal.err() };
}

async function rows(argv: readonly string[], setting: Partial<TerminalSetting> = {}): Promise<EvaluationRow[]> {
  const { out } = await run([...argv, '--format', 'json'], setting);
  const parsed: EvaluationRow[] = JSON.parse(out);
  expect(violations('eval', parsed)).toEqual([]);
  return parsed;
}

/** The variant hash as the format defines it, by another implementation than the engine's. */
function bucketOf(text: string): number {
  return (murmurhash.v3(text, 0) / 2 ** 32) * 100;
}

describe('eval', () => {
  it('answers for every flag that is not archived, sorted by key', async () => {
    expect(await rows(['--attr', 'targetingKey=user-1'])).toEqual([
      { flag: 'limit', value: null, variant: null, reason: 'DEFAULT', bucket: bucketOf('limituser-1') },
      { flag: 'one-page', value: true, variant: 'on', reason: 'SPLIT', bucket: bucketOf('one-pageuser-1') },
      { flag: 'payments', value: 'v2', variant: 'new', reason: 'DEFAULT', bucket: bucketOf('paymentsuser-1') },
    ]);
  });

  it('answers for the flags that are named, once each and sorted', async () => {
    const flags = (await rows(['payments', 'limit', 'payments'])).map(({ flag }) => flag);
    expect(flags).toEqual(['limit', 'payments']);
  });

  it('names the rule that decided', async () => {
    expect(await rows(['limit', '--attr', 'seats=10'])).toEqual([
      { flag: 'limit', value: 50, variant: 'high', reason: 'TARGETING_MATCH', rule: 'Many seats' },
    ]);
  });

  it('prints a table for people', async () => {
    const { code, out, err } = await run(['--attr', 'seats=12', '--attr', 'plan=pro']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toBe(
      [
        'FLAG      VALUE  VARIANT  REASON           RULE        ERROR',
        'limit     50     high     TARGETING_MATCH  Many seats',
        'one-page  false  off      DEFAULT                      TARGETING_KEY_MISSING',
        'payments  "v2"   new      DEFAULT',
        '',
      ].join('\n'),
    );
  });

  it('prints an answer a line as ndjson, the first line being the only context', async () => {
    const { out } = await run(['payments', '--format', 'ndjson']);
    expect(JSON.parse(out)).toEqual({ line: 1, flag: 'payments', value: 'v2', variant: 'new', reason: 'DEFAULT' });
  });

  it('evaluates in the environment that is named', async () => {
    expect(await rows(['one-page', '-e', 'production'])).toMatchObject([{ variant: 'off', reason: 'DISABLED' }]);
    expect(await rows(['one-page', '-e', 'development'])).toMatchObject([{ variant: 'on', reason: 'SPLIT' }]);
    expect(await run(['-e', 'prodution'])).toEqual({
      code: 2,
      out: '',
      err: 'error: there is no environment `prodution`\nhelp: did you mean `production`?\n',
    });
  });

  it('gives the default where no variant is served, as text for a string flag, else as JSON', async () => {
    expect(await rows(['limit', '--default', '7'])).toMatchObject([{ value: 7, variant: null }]);
    expect(await rows(['limit', '--default', 'seven'])).toMatchObject([{ value: 'seven', variant: null }]);
    expect(await rows(['payments', '-e', 'production', '--default', '7'])).toMatchObject([{ value: '7' }]);
    expect(await rows(['payments', '--default', 'mine'])).toMatchObject([{ value: 'v2', variant: 'new' }]);
  });

  it('gives a row to a flag that is not there, and says what may be meant', async () => {
    const { code, out, err } = await run(['paymets', 'gone', '--format', 'json', '--default', '1']);
    expect(code).toBe(1);
    const row = { value: 1, variant: null, reason: 'ERROR_FALLBACK', error_code: 'FLAG_NOT_FOUND' };
    expect(JSON.parse(out)).toEqual([
      { flag: 'gone', ...row },
      { flag: 'paymets', ...row },
    ]);
    expect(err).toBe(
      'error: there is no flag `paymets`\nhelp: did you mean `payments`?\nerror: the flag `gone` is archived\n',
    );
  });

  it('refuses a repository that does not pass the gate, with the diagnostics', async () => {
    const broken = await makeDirectory({ ...shop, 'bad.flag.yaml': 'key: bad\ntype: boolean\ndefault: maybe\n' });
    const terminal = memoryTerminal({ cwd: broken.dir });
    expect(await main(['eval'], terminal)).toBe(1);
    expect(terminal.out()).toBe('');
    expect(terminal.err()).toMatch(/^bad\.flag\.yaml:3:10 {2}error {2}reference\/unknown-variant\n/);
    await broken.remove();
  });
});

describe('the context', () => {
  it('is JSON, a file, or stdin', async () => {
    const text = JSON.stringify({ seats: 20 });
    await writeFile(`${dir}/context.json`, text);
    const served = [{ flag: 'limit', variant: 'high' }];
    expect(await rows(['limit', '--context', text])).toMatchObject(served);
    expect(await rows(['limit', '-c', '@context.json'])).toMatchObject(served);
    expect(await rows(['limit', '-c', '-'], { stdin: text })).toMatchObject(served);
  });

  it.each([
    [['-c', '{"a":}'], '`--context`, line 1, column 6: not JSON: a value is expected'],
    [['-c', '[1]'], '`--context`, line 1, column 1: a context is a JSON object such as {"targetingKey": "user-1"}'],
    [['-c', ' '], '`--context`, line 1, column 1: not JSON: there is nothing'],
    [['-c', '-'], 'the context on stdin, line 3, column 3: not JSON: a property name in double quotes is expected'],
    [['-c', '@none.json'], 'there is no file `none.json`'],
    [['-c', '@checkout'], 'cannot read `checkout` (EISDIR)'],
    [['--attr', 'seats=many'], 'the attribute `seats` is a number, and `many` is none'],
    [['--attr', 'seats='], 'the attribute `seats` is a number, and `` is none'],
    [['--attr', 'plan=pro', '--attr', 'plan=free'], 'the attribute `plan` is given twice'],
    [['-c', '-', '--contexts', '-'], '`--context -` and `--contexts -` cannot both read stdin'],
    [['--summary', '--explain'], '`--summary` counts and `--explain` tells of each: choose one'],
  ])('is refused by %j', async (argv, message) => {
    expect(await run(argv, { stdin: '{\n  "a": 1,\n  }' })).toEqual({ code: 2, out: '', err: `error: ${message}\n` });
  });

  it('that a person is to type is asked for', async () => {
    const { out, err } = await run(['limit', '-c', '-', '-f', 'json'], {
      stdin: '{"seats": 10}',
      tty: { stdin: true },
    });
    expect(err).toBe('note: reading from the terminal; Ctrl-D ends it\n');
    expect(JSON.parse(out)).toMatchObject([{ variant: 'high' }]);
  });

  it('is refused where an attribute has no name or no boolean, with help', async () => {
    expect((await run(['--attr', 'plan'])).err).toBe(
      'error: `--attr plan` has no name and value\nhelp: write `--attr NAME=VALUE`, for example `--attr plan=pro`\n',
    );
    expect((await run(['--attr', '=x'])).code).toBe(2);
    expect((await run(['--attr', 'beta=yes'])).err).toBe(
      'error: the attribute `beta` is a boolean, and `yes` is none\nhelp: write `true` or `false`\n',
    );
  });

  it('notes an attribute that is not declared and a value outside its enum, unless quiet is asked for', async () => {
    const argv = [
      'limit',
      '--attr',
      'paln=pro',
      '--attr',
      'plan=prro',
      '--attr',
      'zzzzzzz=1',
      '--attr',
      'targetingKey=u',
    ];
    expect(await run(argv)).toMatchObject({
      code: 0,
      err:
        'note: the project declares no attribute `paln`; did you mean `plan`?\n' +
        'note: `prro` is not among the values of `plan`; did you mean `pro`?\n' +
        'note: the project declares no attribute `zzzzzzz`\n',
    });
    expect((await run([...argv, '--quiet'])).err).toBe('');
  });
});

describe('many contexts', () => {
  const contexts = [
    '{"seats": 10}',
    '',
    '{"seats": ',
    '[]',
    '{"seats": 1}',
    '{"targetingKey": "user-1", "plan": "pro"}',
  ].join('\n');

  it('give a line for each of them and each flag, and a bad line is reported while the rest goes on', async () => {
    await writeFile(`${dir}/contexts.ndjson`, contexts);
    const { code, out, err } = await run(['limit', 'payments', '--contexts', 'contexts.ndjson']);
    const bucket = bucketOf('limituser-1');
    const rule = 'Half of the rest';
    const split = bucket < 50 ? { value: 5, variant: 'low' } : { value: 50, variant: 'high' };
    expect(
      out
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual([
      { line: 1, flag: 'limit', value: 50, variant: 'high', reason: 'TARGETING_MATCH', rule: 'Many seats' },
      { line: 1, flag: 'payments', value: 'v2', variant: 'new', reason: 'DEFAULT' },
      { line: 5, flag: 'limit', value: null, variant: null, reason: 'DEFAULT' },
      { line: 5, flag: 'payments', value: 'v2', variant: 'new', reason: 'DEFAULT' },
      { line: 6, flag: 'limit', ...split, reason: 'SPLIT', rule, bucket },
      { line: 6, flag: 'payments', value: 'v2', variant: 'new', reason: 'DEFAULT', bucket: bucketOf('paymentsuser-1') },
    ]);
    expect(code).toBe(1);
    expect(err).toBe(
      'contexts.ndjson:3:11: not JSON: a value is expected\n' +
        'contexts.ndjson:4:1: a context is a JSON object such as {"targetingKey": "user-1"}\n',
    );
  });

  it('may come from stdin, in pieces that cut lines and characters', async () => {
    const bytes = Buffer.from('{"targetingKey":"zoë","seats":11}\r\n{"targetingKey":"zoë","seats":1}');
    async function* piecemeal() {
      for (const byte of bytes) yield Buffer.of(byte);
    }
    const { code, out } = await run(['limit', '--contexts', '-'], { stdin: piecemeal() });
    expect(code).toBe(0);
    const [first, second] = out.split('\n').map((line) => (line === '' ? undefined : JSON.parse(line)));
    expect(first).toMatchObject({ line: 1, variant: 'high', bucket: bucketOf('limitzoë') });
    expect(second).toMatchObject({ line: 2, variant: null });
  });

  it('share what --context and --attr say, and each line may say otherwise', async () => {
    const argv = ['limit', '--contexts', '-', '-c', '{"seats": 1}', '--attr', 'plan=free', '--format', 'text'];
    const { out } = await run(argv, { stdin: '{}\n{"seats": 12}\n' });
    expect(out).toBe('1\tlimit\tnull\t–\tDEFAULT\t\n2\tlimit\t50\thigh\tTARGETING_MATCH\tMany seats\n');
  });

  it('print one JSON array that streams', async () => {
    const { out } = await run(['payments', '--contexts', '-', '--format', 'json'], { stdin: '{}\n{}\n' });
    const parsed = JSON.parse(out);
    expect(parsed.map(({ line }: EvaluationRow) => line)).toEqual([1, 2]);
    expect(violations('eval', parsed)).toEqual([]);
    const none = await run(['--contexts', '-', '--format', 'json'], { stdin: '' });
    expect(JSON.parse(none.out)).toEqual([]);
  });

  it('report a line that is not UTF-8 or longer than 16 MiB', async () => {
    async function* bytes() {
      yield Buffer.of(0x7b, 0xff, 0x7d, 0x0a);
      for (let mebibyte = 0; mebibyte < 17; mebibyte += 1) yield Buffer.alloc(1024 * 1024, 'x');
      yield Buffer.from('\n{"seats": 10}\n');
    }
    const { code, out, err } = await run(['limit', '--contexts', '-'], { stdin: bytes() });
    expect(code).toBe(1);
    expect(err).toBe('stdin:1:1: not UTF-8\nstdin:2:1: longer than 16 MiB\n');
    expect(JSON.parse(out)).toMatchObject({ line: 3, variant: 'high' });
  });

  it('survive a line nested more deeply than any parser follows', async () => {
    const { code, err } = await run(['limit', '--contexts', '-'], { stdin: `{"a":${'['.repeat(200_000)}\n{}\n` });
    expect(code).toBe(1);
    expect(err).toMatch(/^stdin:1:\d+: not JSON/);
  });

  it('say which file is not there', async () => {
    expect(await run(['--contexts', 'none.ndjson'])).toEqual({
      code: 2,
      out: '',
      err: 'error: there is no file `none.ndjson`\n',
    });
    expect((await run(['--contexts', 'checkout'])).err).toBe('error: cannot read `checkout` (EISDIR)\n');
  });

  it('are counted by --summary, as text and as JSON', async () => {
    const stdin = `${'{"seats": 12}\n'.repeat(3)}{"seats": 1}\noops\n`;
    const text = await run(['limit', '--contexts', '-', '--summary'], { stdin });
    expect(text.code).toBe(1);
    expect(text.out).toBe(
      [
        'limit',
        '  VARIANT  REASON           CONTEXTS    SHARE',
        '  high     TARGETING_MATCH         3  75.00 %',
        '  –        DEFAULT                 1  25.00 %',
        '',
        '4 contexts, 1 bad line',
        '',
      ].join('\n'),
    );
    const summary = JSON.parse((await run(['limit', '--contexts', '-', '--summary', '-f', 'json'], { stdin })).out);
    expect(violations('eval-summary', summary)).toEqual([]);
    expect(summary).toEqual({
      contexts: 4,
      bad_lines: 1,
      flags: [
        {
          flag: 'limit',
          counts: [
            { variant: 'high', reason: 'TARGETING_MATCH', count: 3, share: 0.75 },
            { variant: null, reason: 'DEFAULT', count: 1, share: 0.25 },
          ],
        },
      ],
    });
  });

  it('show progress to a person who waits and is not shown the answers', async () => {
    let time = 0;
    const now = () => (time += 600);
    async function* slowly() {
      for (let line = 0; line < 4; line += 1) yield Buffer.from('{}\n');
    }
    const watched = await run(['payments', '--contexts', '-'], { stdin: slowly(), now, tty: { stderr: true } });
    expect(watched.err).toContain('\r2 contexts, ');
    expect(watched.err.endsWith('\r\u001b[K')).toBe(true);
    const piped = await run(['payments', '--contexts', '-'], { stdin: slowly(), now });
    expect(piped.err).toBe('');
  });
});

describe('an explanation', () => {
  const argv = [
    'one-page',
    '--attr',
    'targetingKey=user-1',
    '--attr',
    'plan=pro',
    '--attr',
    'roles=cook,clerk',
    '--explain',
  ];

  it('is a tree of what was asked and what was seen', async () => {
    const { out } = await run(argv);
    expect(out.split('\n')[0]).toBe('one-page = true  SPLIT, variant on, bucket 4.7084 %');
    expect(out).toMatch(/^├─ . prerequisite payments in new/m);
    expect(out).toMatch(/✗ roles contains "staff" {2}`roles` is \["cook","clerk"\]/);
    expect(out).toMatch(/^└─ . rollout/m);
  });

  it('has colours when they are wanted', async () => {
    const { out } = await run(argv, { colour: true });
    expect(out).toContain('\u001b[1mone-page\u001b[22m = \u001b[36mtrue\u001b[39m');
    expect(out).toContain('\u001b[31m✗\u001b[39m');
    expect((await run([...argv, '--no-color'], { colour: true })).out).not.toContain('\u001b');
  });

  it('changes no answer, and is a trace in JSON', async () => {
    const explained = await rows(argv);
    const plain = await rows(argv.slice(0, -1));
    expect(explained.map(({ trace: _, ...row }) => row)).toEqual(plain);
    expect(explained[0]?.trace?.children.length).toBeGreaterThan(1);
  });

  it('is told line by line for many contexts', async () => {
    const { out } = await run(['payments', '--contexts', '-', '--explain', '--format', 'text'], { stdin: '{}\n{}\n' });
    expect(out).toContain('line 1  payments = "v2"');
    expect(out).toContain('line 2  payments = "v2"');
  });
});

it('the documentation of eval names every option', async () => {
  const docs = await readFile('docs/cli.md', 'utf8');
  for (const option of ['--context', '--attr', '--contexts', '--env', '--now', '--default', '--explain', '--summary']) {
    expect(docs).toContain(option);
  }
});
