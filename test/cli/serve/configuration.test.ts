import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main } from '../../../src/cli/main.js';
import { everySetting, flagOf, keyOf, variableOf } from '../../../src/cli/serve/names.js';
import { makeDirectory, memoryTerminal } from '../memory-terminal.js';
import { violations } from '../schemas.js';
import { shop } from '../shop.js';

const FILE = `# What a server is told.
port: 8080
poll: 2m
peers: [http://10.0.0.2:7700, "http://10.0.0.3:7700"]
trust_proxy: true
keys: secrets/keys.json
hook_secret: from the file
`;

let dir: string;
let remove: () => Promise<void>;

beforeAll(async () => {
  ({ dir, remove } = await makeDirectory({
    ...shop,
    'etc/serve.yaml': FILE,
    'etc/serve.json': '{\n\t"port": 8081,\n\t"cors_origin": "https://a.example"\n}\n',
    'etc/empty.yaml': '# nothing yet\n',
    'etc/typo.yaml': 'port: 8080\nfetch-timeuot: 5s\n',
    'etc/no-setting.yaml': 'colour: red\n',
    'etc/text-port.yaml': 'host: 127.0.0.1\nport: "8080"\n',
    'etc/number-poll.yaml': '\npoll: 10\n',
    'etc/nothing.yaml': 'keys:\n',
    'etc/list.yaml': '- port\n',
    'etc/broken.yaml': 'port: 1\n port: 2\n',
  }));
});

afterAll(() => remove());

async function run(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const terminal = { ...memoryTerminal({ cwd: dir }), env };
  const code = await main(['serve', ...args], terminal);
  return { code, out: terminal.out(), err: terminal.err() };
}

interface Shown {
  readonly value: unknown;
  readonly source: string;
  readonly from?: string;
}

async function printed(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const { code, out, err } = await run([...args, '--print-config', '--format', 'json'], env);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  const data: unknown = JSON.parse(out);
  expect(violations('serve-config', data)).toEqual([]);
  return (data as { readonly settings: Readonly<Record<string, Shown>> }).settings;
}

describe('a setting of serve', () => {
  it('comes from the command line, else the environment, else the file, else nowhere', async () => {
    const config = ['--config', 'etc/serve.yaml'];
    const port = async (args: readonly string[], env = {}) => (await printed(args, env)).port;
    const env = { FLAGSTAFF_PORT: '9090' };
    expect(await port([])).toEqual({ value: 7700, source: 'default' });
    expect(await port(config)).toEqual({ value: 8080, source: 'file', from: 'etc/serve.yaml:2' });
    expect(await port(config, env)).toEqual({ value: 9090, source: 'environment', from: 'FLAGSTAFF_PORT' });
    expect(await port([...config, '--port', '1'], env)).toEqual({ value: 1, source: 'flag', from: '--port' });
  });

  it('may be anything that an option may be, in each of the ways', async () => {
    const values = {
      host: '::1',
      port: 0,
      source: 'git',
      poll: '90s',
      max_streams: 5,
      peers: ['http://a.example', 'http://b.example'],
      cors_origin: ['https://a.example'],
      trust_proxy: true,
    };
    const env = Object.fromEntries(
      Object.entries(values).map(([key, value]) => [`FLAGSTAFF_${key.toUpperCase()}`, String(value)]),
    );
    const args = Object.entries(values).flatMap(([key, value]) => {
      const flag = `--${key.replace('_', '-')}`;
      return value === true ? [flag] : [flag, String(value)];
    });
    expect(await printed([], env)).toMatchObject(shownAs(values, 'environment'));
    expect(await printed(args)).toMatchObject(shownAs(values, 'flag'));
  });

  it('that is a list may be given with commas, or more than once', async () => {
    const args = ['--cors-origin', 'https://a.example,https://b.example', '--cors-origin', 'https://c.example'];
    const { cors_origin: origins } = await printed(args);
    expect(origins?.value).toEqual(['https://a.example', 'https://b.example', 'https://c.example']);
  });

  it('that is on can be turned off again, and `false` in the environment is no', async () => {
    const config = ['--config', 'etc/serve.yaml'];
    const trust = async (args: readonly string[], env = {}) => (await printed(args, env)).trust_proxy;
    expect(await trust(config)).toMatchObject({ value: true });
    expect(await trust([...config, '--no-trust-proxy'])).toMatchObject({ value: false, source: 'flag' });
    expect(await trust(config, { FLAGSTAFF_TRUST_PROXY: 'false' })).toMatchObject({ value: false });
    expect(await trust(config, { FLAGSTAFF_TRUST_PROXY: '' })).toMatchObject({ value: true });
  });

  it('that is a path is as seen from the file that says it', async () => {
    const fromFile = await printed(['--config', 'etc/serve.yaml']);
    expect(fromFile.keys?.value).toBe(join(dir, 'etc/secrets/keys.json'));
    const fromFlag = await printed(['--keys', 'secrets/keys.json']);
    expect(fromFlag.keys?.value).toBe(join(dir, 'secrets/keys.json'));
  });

  it('is read from JSON as well, tabs and all, and from the file that a variable names', async () => {
    const settings = await printed([], { FLAGSTAFF_CONFIG: 'etc/serve.json' });
    expect(settings.port).toEqual({ value: 8081, source: 'file', from: 'etc/serve.json:2' });
    expect(settings.cors_origin?.value).toEqual(['https://a.example']);
    expect((await printed(['--config', 'etc/empty.yaml'])).port?.source).toBe('default');
  });

  function shownAs(values: object, source: string): object {
    return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, { value, source }]));
  }
});

describe('--print-config', () => {
  it('prints a file that says the same, and where each value comes from', async () => {
    const { out } = await run(['--config', 'etc/serve.yaml', '--port', '1', '--print-config'], {
      FLAGSTAFF_KEEPALIVE: '500ms',
    });
    expect(out).toMatch(/^port: 1 +# --port$/m);
    expect(out).toMatch(/^keepalive: 500ms +# FLAGSTAFF_KEEPALIVE$/m);
    expect(out).toMatch(/^poll: 2m +# etc\/serve\.yaml:3$/m);
    expect(out).toMatch(/^peers: \["http:\/\/10\.0\.0\.2:7700","http:\/\/10\.0\.0\.3:7700"\] +# etc\/serve\.yaml:4$/m);
    expect(out).toMatch(/^ref: HEAD +# default$/m);
    expect(out).toMatch(/^# remote: +# not set$/m);
  });

  it('shows neither secrets nor passwords', async () => {
    const env = { FLAGSTAFF_HOOK_SECRET: 'hunter2', FLAGSTAFF_REMOTE: 'https://ada:hunter2@git.example/flags.git' };
    for (const format of ['text', 'json']) {
      const { out } = await run(['--print-config', '--format', format], env);
      expect(out).not.toContain('hunter2');
      expect(out).toContain('(set)');
      expect(out).toContain('https://(set)@git.example/flags.git');
    }
  });

  it('gives a file that leads to the same configuration, whatever it says', async () => {
    const texts = fc.string({ minLength: 1, maxLength: 12 }).filter((text) => /^[ -~]+$/.test(text));
    const settings = fc.record({
      FLAGSTAFF_REF: texts,
      FLAGSTAFF_HOST: texts,
      FLAGSTAFF_ENV: texts,
      FLAGSTAFF_SNAPSHOT_CACHE: texts,
      FLAGSTAFF_POLL: fc
        .tuple(fc.integer({ min: 1, max: 999 }), fc.constantFrom('ms', 's', 'm'))
        .map((of) => of.join('')),
      FLAGSTAFF_MAX_STREAMS: fc.nat().map(String),
      FLAGSTAFF_CORS_ORIGIN: fc.array(fc.webUrl(), { minLength: 1, maxLength: 3 }).map((urls) => urls.join(',')),
      FLAGSTAFF_ALLOW_REWIND: fc.constantFrom('true', 'false', '1', '0'),
    });
    const values = async (args: readonly string[], env = {}) =>
      Object.entries(await printed(args, env)).map(([key, { value }]) => [key, value]);
    await fc.assert(
      fc.asyncProperty(settings, async (env) => {
        const { out } = await run(['--print-config'], env);
        const { dir: other, remove: removeOther } = await makeDirectory({ 'serve.yaml': out });
        const again = await values(['--config', join(other, 'serve.yaml')]).finally(removeOther);
        expect(again).toEqual(await values([], env));
      }),
      { numRuns: 30 },
    );
  });
});

describe('what cannot be is refused, and who said it is named', () => {
  it.each([
    ['a flag', ['--port', 'http'], {}, 'option `--port <N>` argument `http` is invalid: write a whole number'],
    ['a variable', [], { FLAGSTAFF_PORT: '65536' }, 'FLAGSTAFF_PORT: write a whole number of at most 65535'],
    ['a variable that is neither yes nor no', [], { FLAGSTAFF_TRUST_PROXY: 'no' }, 'FLAGSTAFF_TRUST_PROXY: write true'],
    ['a choice', [], { FLAGSTAFF_SOURCE: 'svn' }, 'FLAGSTAFF_SOURCE: write one of worktree, git'],
    ['what Kubernetes sets', [], { FLAGSTAFF_PORT: 'tcp://10.0.0.1:80' }, 'enableServiceLinks: false'],
    [
      'a number in quotes',
      ['--config', 'etc/text-port.yaml'],
      {},
      'etc/text-port.yaml:2: `port`: write a whole number',
    ],
    ['a time without a unit', ['--config', 'etc/number-poll.yaml'], {}, 'etc/number-poll.yaml:2: `poll`: write a text'],
    ['a key without a value', ['--config', 'etc/nothing.yaml'], {}, 'etc/nothing.yaml:1: `keys`: write a text'],
    ['a misspelt setting', ['--config', 'etc/typo.yaml'], {}, 'etc/typo.yaml:2: unknown setting `fetch-timeuot`'],
    ['and what was meant', ['--config', 'etc/typo.yaml'], {}, 'did you mean `fetch_timeout`?'],
    ['no setting at all', ['--config', 'etc/no-setting.yaml'], {}, '`flagstaff serve --print-config` lists'],
    ['a list', ['--config', 'etc/list.yaml'], {}, 'etc/list.yaml is no mapping'],
    ['what is no YAML', ['--config', 'etc/broken.yaml'], {}, 'etc/broken.yaml:1:7: not YAML'],
    ['a file that is not there', ['--config', 'nowhere.yaml'], {}, 'cannot read the configuration file `nowhere.yaml`'],
    ['peers without a secret', [], { FLAGSTAFF_PEERS: 'http://a.example' }, 'FLAGSTAFF_HOOK_SECRET'],
  ])('%s', async (_, args, env, message) => {
    const { code, out, err } = await run(args, env);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(message);
  });

  it('but a variable that is nearly one of ours is only told of', async () => {
    const env = { FLAGSTAFF_PROT: '1', FLAGSTAFF_SERVICE_PORT: '80', FLAGSTAFF_PORT_7700_TCP_PORT: '80' };
    const { code, err } = await run(['--print-config'], env);
    expect({ code, err }).toEqual({
      code: 0,
      err: 'note: FLAGSTAFF_PROT is no setting; did you mean FLAGSTAFF_PORT?\n',
    });
  });
});

it('docs/serve.md has every setting, with its names and its default', async () => {
  const rows = (await readFile('docs/serve.md', 'utf8'))
    .split('\n')
    .filter((line) => /^\| `[a-z_]+` \|/.test(line))
    .map((line) => line.split(' | ').slice(0, 4).join(' | ').replace(/^\| /, ''));
  const expected = everySetting().map(([name, { kind, initial }]) => {
    const flag = flagOf(name);
    const shown = initial === undefined || (Array.isArray(initial) && initial.length === 0);
    const cells = [keyOf(name), flag ?? '', variableOf(name), shown ? '' : String(kind.toData(initial ?? ''))];
    return cells.map((cell) => (cell === '' ? '–' : `\`${cell}\``)).join(' | ');
  });
  expect(rows).toEqual(expected);
});
