import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main } from '../../src/cli/main.js';
import { makeDirectory, memoryTerminal } from './memory-terminal.js';
import { shop } from './shop.js';

let dir: string;
let remove: () => Promise<void>;

beforeAll(async () => {
  ({ dir, remove } = await makeDirectory(shop));
});

afterAll(() => remove());

describe('flagstaff serve refuses', () => {
  it.each([
    ['a period of nothing', ['--poll', '0s'], 'write a length of time'],
    ['a period that no timer waits for', ['--keepalive', '25h'], 'write a length of time'],
    ['a period without a unit', ['--poll', '10'], 'write a length of time'],
    ['replicas that do not speak HTTP', ['--peers', 'ftp://127.0.0.1'], 'write URLs'],
    ['an environment that there is not', ['--env', 'prodution', '--port', '0'], 'did you mean `production`?'],
    ['a key file that is not there', ['--keys', 'nowhere.json', '--port', '0'], 'nowhere.json'],
    ['a certificate that is not there', ['--tls-cert', 'no.pem', '--tls-key', 'no.key'], 'cannot read'],
    [
      'a certificate that is none',
      ['--tls-cert', 'flagstaff.yaml', '--tls-key', 'flagstaff.yaml'],
      'are no certificate',
    ],
    ['a directory without a git repository', ['--source', 'git', '--port', '0'], 'not in a git repository'],
  ])('%s', async (_, args, message) => {
    const terminal = memoryTerminal({ cwd: dir });
    expect(await main(['serve', ...args], terminal)).toBe(2);
    expect(terminal.err()).toContain(message);
    expect(terminal.out()).toBe('');
  });
});
