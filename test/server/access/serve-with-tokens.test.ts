import { SignJWT } from 'jose';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { main } from '../../../src/cli/main.js';
import { makeDirectory, memoryTerminal } from '../../cli/memory-terminal.js';
import { FLAGSTAFF } from '../../project/files.js';
import { FLAGS } from '../ofrep/flags.js';

const SECRET = 'a secret of more than thirty-two bytes';
const WHO = ['--jwt-issuer', 'https://id.example', '--jwt-audience', 'flagstaff'];

let dir: string;
let remove: () => Promise<void>;
beforeEach(async () => {
  ({ dir, remove } = await makeDirectory({ 'flagstaff.yaml': FLAGSTAFF, ...FLAGS, 'jwks.json': '{"keys": []}' }));
});
afterEach(() => remove());

it('lets admins in by their tokens alone, and nobody without one', async () => {
  const end = new AbortController();
  const terminal = {
    ...memoryTerminal({ cwd: dir }),
    env: { FLAGSTAFF_JWT_SECRET: SECRET },
    interruption: () => end.signal,
  };
  const serving = main(['serve', '--port', '0', ...WHO], terminal);
  const url = await vi.waitFor(() => {
    const [, found] = /^listening on (\S+)$/m.exec(terminal.out()) ?? [];
    expect(found).toBeDefined();
    return String(found);
  }, 20_000);
  const now = terminal.now() / 1000;
  const claims = { iss: 'https://id.example', aud: 'flagstaff', sub: 'ada', exp: now + 60 };
  const token = await new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(Buffer.from(SECRET));
  const ask = async (headers: Record<string, string>) => (await fetch(`${url}/flags`, { headers })).status;
  expect([await ask({}), await ask({ authorization: `Bearer ${token}` })]).toEqual([401, 200]);
  end.abort();
  expect(await serving).toBe(0);
});

describe('what tokens are checked with', () => {
  it.each([
    [['--jwks', 'jwks.json'], {}, /need `--jwt-issuer` and `--jwt-audience`/],
    [WHO, {}, /nothing to check the signatures/],
    [WHO, { FLAGSTAFF_JWT_SECRET: 'short' }, /fewer than 32 bytes/],
    [['--jwks', 'http://id.example/jwks', ...WHO], {}, /plain HTTP/],
    [['--jwks', 'flagstaff.yaml', ...WHO], {}, /no key set/],
    [['--write-mode', 'direct'], {}, /git repository/],
  ])('must all be there: %j', async (options, env, message) => {
    const terminal = { ...memoryTerminal({ cwd: dir }), env };
    expect(await main(['serve', '--port', '0', ...options], terminal)).toBe(2);
    expect(terminal.err()).toMatch(message);
  });
});

describe('keys add', () => {
  const add = async (...options: readonly string[]) => {
    const terminal = memoryTerminal({ cwd: dir });
    const exit = await main(['keys', 'add', '--keys', 'keys.json', ...options], terminal);
    return { exit, err: terminal.err() };
  };

  it('narrows what an admin writes', async () => {
    const narrow = ['--role', 'admin', '--scope', 'flags:write', '--only', 'staging'];
    expect((await add(...narrow)).exit).toBe(0);
    const terminal = memoryTerminal({ cwd: dir });
    await main(['keys', 'list', '--keys', 'keys.json', '--format', 'json'], terminal);
    expect(JSON.parse(terminal.out())).toMatchObject([{ scopes: ['flags:write'], environments: ['staging'] }]);
  });

  it('knows the scopes there are, and who needs none', async () => {
    expect(await add('--role', 'admin', '--scope', 'flags:eat')).toMatchObject({
      exit: 2,
      err: expect.stringContaining('no scope `flags:eat`'),
    });
    expect(await add('--role', 'server', '--env', 'staging', '--only', 'staging')).toMatchObject({ exit: 2 });
  });
});
