import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { gitReader } from '../../src/sources/git-process.js';

const WAYS = ['run', 'read'] as const;

/** Stands in for git: the first argument that is no option says what to do. */
const PROGRAM = `#!/bin/sh
for word in "$@"; do
  case $word in
    say) echo "answer, lazy fetch off: $GIT_NO_LAZY_FETCH, elsewhere: $GIT_DIR"; exit 0;;
    die) printf half; kill -9 $$;;
    fail) echo "fatal: no" >&2; exit 128;;
    no) exit 1;;
  esac
done
`;

describe.each(WAYS)('git, by %s', (way) => {
  let directory = '';
  const ask = (word: string, more = {}) =>
    gitReader(directory, { PATH: `${directory}:/usr/bin:/bin`, ...more })[way]([word]);

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'flagstaff-git-'));
    await writeFile(join(directory, 'git'), PROGRAM, { mode: 0o755 });
  });

  afterAll(() => rm(directory, { recursive: true }));

  test('answers, and sees no variable that would lead it elsewhere', async () => {
    expect(await ask('say', { GIT_DIR: '/nowhere' })).toBe('answer, lazy fetch off: 1, elsewhere: \n');
  });

  test('has answered when it fails without a word', async () => {
    expect(await ask('no')).toBe('');
  });

  test('is told of when it fails', async () => {
    await expect(ask('fail')).rejects.toMatchObject({ code: 'git-failed', message: 'git failed: no' });
  });

  test('has not answered when a signal ends it in the middle', async () => {
    await expect(ask('die')).rejects.toMatchObject({ code: 'git-failed' });
  });

  test.each(['GIT_PROXY_COMMAND', 'GIT_TEMPLATE_DIR', 'EDITOR', 'PAGER', 'GIT_SSH_COMMAND', 'GIT_ASKPASS'])(
    'works for somebody who has set %s',
    async (name) => {
      expect(await ask('say', { [name]: '/bin/true' })).toMatch(/^answer/);
    },
  );
});
