import { spawn } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { causeIn, withoutCredentials } from '../../src/sources/git-complaint.js';
import { fetchRef } from '../../src/sources/git-fetch.js';
import { makeRepository, type TestRepository } from '../repository.js';

let home: string;
let repository: TestRepository;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'flagstaff-fetch-'));
  repository = await makeRepository([{ files: { 'flagstaff.yaml': 'environments: [production]\n' } }]);
});

afterEach(async () => {
  await repository.remove();
  await rm(home, { recursive: true, force: true });
});

const LONG = { timeout: 15_000 };

function fetchFrom(remote: string, environment: Readonly<Record<string, string>> = {}, timeout = 15_000) {
  const request = { directory: repository.dir, remote, ref: 'main', into: 'refs/flagstaff/test', timeout };
  return fetchRef(request, { ...repository.environment, ...environment });
}

/** An ssh that says who it and its own child are, and then nothing more. */
async function silentSsh(way: string): Promise<{ readonly command: string; pids(): Promise<number[]> }> {
  const command = join(home, 'ssh');
  const told = join(home, 'pids');
  await writeFile(command, `#!/bin/sh\n${way}\nsleep 600 &\necho $$ $! > '${told}'\nwhile :; do wait; sleep 1; done\n`);
  await chmod(command, 0o755);
  const pids = async () => (await readFile(told, 'utf8').catch(() => '')).split(/\s+/).filter(Boolean).map(Number);
  return { command, pids };
}

/** Those of the processes that run; one that has ended and is still to be reaped does not. */
function running(pids: readonly number[]): Promise<string> {
  const ps = spawn('ps', ['-o', 'stat=', '-p', pids.join(',')]);
  let out = '';
  ps.stdout.on('data', (chunk) => {
    out += chunk;
  });
  return new Promise((resolve) => ps.on('close', () => resolve(out.replaceAll(/^Z.*\n/gm, ''))));
}

describe('a fetch', () => {
  it.each([
    ['ends when it is asked to', ''],
    ['does not listen', "trap '' TERM"],
  ])('that is given up leaves nothing behind of an ssh that %s', async (_, way) => {
    const { command, pids } = await silentSsh(way);
    const fetching = fetchFrom('ssh://host.invalid/flags', { GIT_SSH_COMMAND: command }, 1500);
    const refused = expect(fetching).rejects.toThrow('cannot fetch from `ssh://host.invalid/flags`: no answer within');
    await expect.poll(pids, LONG).toHaveLength(2);
    const started = await pids();
    expect(await running(started)).not.toBe('');
    await refused;
    await expect.poll(() => running(started), LONG).toBe('');
  });

  it('tells the whole cause of what ssh could not do, in one line', async () => {
    const { command } = await silentSsh("echo 'ssh: connect to host host.invalid port 22: refused' >&2; exit 255");
    await expect(fetchFrom('ssh://host.invalid/flags', { GIT_SSH_COMMAND: command })).rejects.toThrow(
      /^cannot fetch from `ssh:\/\/host.invalid\/flags`: ssh: connect to host host.invalid port 22: refused$/,
    );
  });

  it.each([
    'https://ada:s3cret@127.0.0.1:1/flags',
    'https://ada:s3cret/s3cret@127.0.0.1:1/flags',
    'https://ada:s3cret@s3cret@host.invalid/flags',
    'https://s3cret@127.0.0.1:1/flags?token=s3cret',
    'ssh://ada:s3cret@host.invalid/flags',
  ])('does not tell the password in %s', async (remote) => {
    const failure = await fetchFrom(remote).catch((error: Error) => error.message);
    expect(failure).toMatch(/^cannot fetch from `(?:https|ssh):\/\/[^`]+\/flags`: \S.*$/);
    expect(failure).not.toMatch(/s3cret|ada|git did not say why/);
  });

  it('tells of a repository and of a branch that are not there', async () => {
    await expect(fetchFrom(`file://${home}/none`)).rejects.toThrow("none' does not appear to be a git repository");
    await repository.git('branch', '--quiet', '-m', 'main', 'trunk');
    await expect(fetchFrom(`file://${repository.dir}`)).rejects.toThrow("couldn't find remote ref main");
  });
});

describe('the cause of a failure', () => {
  it('is all that was said, without what git always says', () => {
    const complaint = [
      'remote: Invalid username or token.',
      "fatal: Authentication failed for 'https://ada:pw@host.example/flags.git/'",
      'fatal: Could not read from remote repository.',
      '',
      'Please make sure you have the correct access rights',
      'and the repository exists.',
    ];
    expect(causeIn(complaint.join('\n'))).toBe(
      "remote: Invalid username or token; Authentication failed for 'https://host.example/flags.git/'",
    );
  });

  it('is what git always says where it says nothing else, and is never nothing', () => {
    expect(causeIn('fatal: Could not read from remote repository.\n')).toBe('Could not read from remote repository');
    expect(causeIn('\n')).toBe('git did not say why');
  });

  it('leaves what is no credential as it is', () => {
    for (const text of ['https://host:8080/@scope/flags', 'git@host.example: Permission denied', '/srv/a@b/flags']) {
      expect(withoutCredentials(text)).toBe(text);
    }
  });
});
