import { afterEach, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../running.js';
import { send, startWriting, type WritingServer } from './writing-server.js';

const FLAGSTAFF = 'environments: [production]\n';
const flag = (value: string) => `key: z\ntype: boolean\ndefault: ${value}\n`;
const BROKEN_TEST = { 'a.test.yaml': 'flag: nobody\ncases: [{ name: n, expect: { variant: on } }]\n' };

let writing: WritingServer;
let reading: TestServer;

afterEach(async () => {
  await reading.close();
  await writing.close();
});

/** What both say of the same commit, without what tells of the moment. */
async function bothSay(path: string): Promise<readonly [unknown, unknown]> {
  const told = [writing.server, reading].map(async ({ url }) => {
    await send(url, 'POST', '/reload');
    return JSON.parse(
      JSON.stringify((await send(url, 'GET', path)).body, (key, value) => (/at$/.test(key) ? 0 : value)),
    );
  });
  const [one, other] = await Promise.all(told);
  return [one, other];
}

it('a server that writes says of every state what one says that only reads, whatever is wrong with tests', async () => {
  writing = await startWriting({ 'flagstaff.yaml': FLAGSTAFF, 'z.flag.yaml': flag('off') });
  const { repository } = writing;
  reading = await startTestServer({ root: repository.dir, git: { ref: 'main' } }, repository.environment);
  const first = await repository.git('rev-parse', 'main');
  const commit = async (files: Readonly<Record<string, string>>) => {
    await repository.commit({ on: 'main', files });
    await repository.git('switch', '--quiet', 'elsewhere');
  };
  const rewind = async () => void (await repository.git('branch', '--force', 'main', first));
  for (const act of [
    () => commit(BROKEN_TEST),
    () => commit({ 'z.flag.yaml': '[' }),
    () => commit({ 'z.flag.yaml': flag('on') }),
    rewind,
    () => commit({ ...BROKEN_TEST, 'z.flag.yaml': flag('on') }),
  ]) {
    await act();
    for (const path of ['/status', '/snapshot', '/flags']) {
      const [one, other] = await bothSay(path);
      expect(one).toEqual(other);
    }
  }
  expect((await send(reading.url, 'GET', '/status')).body).toMatchObject({
    refused: { reason: 'rewind', diagnostics: [] },
  });
});
