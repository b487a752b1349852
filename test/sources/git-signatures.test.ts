import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openRepository } from '../../src/sources/git.js';
import { makeRepository, type TestRepository } from '../repository.js';

let real: TestRepository;
let signers: string;

async function makeKey(name: string): Promise<string> {
  const path = real.path('..', name);
  await promisify(execFile)('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', path]);
  return path;
}

async function commitSigned(key: string, message: string): Promise<string> {
  await real.git('-c', `user.signingKey=${key}`, 'commit', '--quiet', '--allow-empty', '-S', '-m', message);
  return real.git('rev-parse', 'HEAD');
}

/** The same commit with another message under the same signature. */
async function tamper(commit: string): Promise<string> {
  const text = await real.git('cat-file', 'commit', commit);
  await writeFile(real.path('..', 'commit'), text.replace('honest', 'crooked'));
  return real.git('hash-object', '-t', 'commit', '-w', real.path('..', 'commit'));
}

async function statusOf(...commits: readonly string[]): Promise<(string | undefined)[]> {
  const repository = await openRepository(real.dir, real.environment);
  const signatures = await repository.signatures(commits);
  repository.close();
  return commits.map((commit) => signatures.get(commit));
}

beforeAll(async () => {
  real = await makeRepository([{ message: 'plain' }]);
  signers = real.path('..', 'signers');
  await real.git('config', '--global', 'gpg.format', 'ssh');
});

afterAll(() => real.remove());

test('a signature is good, bad, unknown, or not there', async () => {
  const [known, stranger] = [await makeKey('known'), await makeKey('stranger')];
  const good = await commitSigned(known, 'honest');
  const unknown = await commitSigned(stranger, 'by a stranger');
  const bad = await tamper(good);
  const plain = real.commits[0] ?? '';
  expect(await statusOf(good, bad, unknown, plain)).toEqual(['unknown', 'unknown', 'unknown', 'none']);

  await writeFile(signers, `committer@example.com ${await readFile(`${known}.pub`, 'utf8')}`);
  await real.git('config', '--global', 'gpg.ssh.allowedSignersFile', signers);
  expect(await statusOf(plain, bad, good, unknown)).toEqual(['none', 'bad', 'good', 'unknown']);
});
