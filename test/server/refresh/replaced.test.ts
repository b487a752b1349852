import { cp, rename, rm } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeRepository, type TestRepository } from '../../repository.js';
import { startTestServer, type TestServer } from '../running.js';

const FILES = {
  'flagstaff.yaml': 'environments: [production]\n',
  'a.flag.yaml': 'key: a\ntype: boolean\ndefault: on\n',
};
const LONG = { timeout: 20_000 };

let repository: TestRepository;
let server: TestServer;

beforeEach(async () => {
  repository = await makeRepository([{ files: FILES }]);
});
afterEach(async () => {
  await server.close();
  await repository.remove();
});

const value = async () => {
  const answer = await fetch(`${server.url}/flags/a/evaluate`, {
    method: 'POST',
    body: '{}',
    headers: { 'content-type': 'application/json' },
  });
  return ((await answer.json()) as { value?: unknown }).value;
};

/** The same place, and nothing of what was there is. */
async function replace(): Promise<void> {
  const { dir } = repository;
  await cp(dir, `${dir}.new`, { recursive: true });
  await rename(dir, `${dir}.old`);
  await rm(`${dir}.old`, { recursive: true });
  await rename(`${dir}.new`, dir);
}

describe('a directory that is replaced by another one of the same name', () => {
  it.each([
    ['its files', {}],
    ['its branch', { git: { ref: 'main' }, poll: 200 }],
  ])('is followed there: %s', async (_, options) => {
    server = await startTestServer({ root: repository.dir, ...options }, repository.environment);
    expect(await value()).toBe(true);
    await replace();
    await repository.commit({ files: { 'a.flag.yaml': 'key: a\ntype: boolean\ndefault: off\n' } });
    await expect.poll(value, LONG).toBe(false);
    await repository.commit({ files: { 'a.flag.yaml': 'key: a\ntype: boolean\ndefault: on\n' } });
    await expect.poll(value, LONG).toBe(true);
  });
});
