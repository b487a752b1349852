import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { main } from '../../../src/cli/main.js';
import { makeDirectory, memoryTerminal } from '../../cli/memory-terminal.js';
import { FLAGSTAFF } from '../../project/files.js';
import { FLAGS } from '../ofrep/flags.js';

let dir: string;
let remove: () => Promise<void>;
beforeEach(async () => {
  ({ dir, remove } = await makeDirectory({ 'flagstaff.yaml': FLAGSTAFF, ...FLAGS }));
});
afterEach(() => remove());

it('serves those who hold a key of the file, as often as `--rate-limit` says', async () => {
  const adding = memoryTerminal({ cwd: dir });
  await main(['keys', 'add', '--role', 'client', '--env', 'development', '--keys', 'keys.json'], adding);
  const end = new AbortController();
  const terminal = { ...memoryTerminal({ cwd: dir }), interruption: () => end.signal };
  const serving = main(['serve', '--port', '0', '--keys', 'keys.json', '--rate-limit', '2'], terminal);
  const url = await vi.waitFor(() => {
    const [, found] = /^listening on (\S+)$/m.exec(terminal.out()) ?? [];
    expect(found).toBeDefined();
    return String(found);
  }, 10_000);
  const ask = async (headers: Record<string, string>) =>
    (await fetch(`${url}/ofrep/v1/evaluate/flags/plain`, { method: 'POST', headers })).status;
  expect(await ask({})).toBe(401);
  const headers = { authorization: `Bearer ${adding.out().trim()}` };
  expect([await ask(headers), await ask(headers), await ask(headers)]).toEqual([200, 200, 429]);
  end.abort();
  expect(await serving).toBe(0);
});
