import { afterAll, beforeAll, expect, it } from 'vitest';
import { blobReader } from '../../../src/sources/git-blobs.js';
import { gitReader } from '../../../src/sources/git-process.js';
import { buildCommit } from '../../../src/write/commits/build-commit.js';
import { plumbing } from '../../../src/write/commits/plumbing.js';
import { makeRepository, type TestRepository } from '../../repository.js';
import { planning } from '../writing.js';

let repository: TestRepository;

beforeAll(async () => {
  repository = await makeRepository([{ files: { 'a.flag.yaml': 'key: a\n' } }]);
});

afterAll(() => repository.remove());

/** @param limit bytes of the largest object that can be read. @param writesTo where git is to put objects */
async function build(limit: number, writesTo: string): Promise<string> {
  const { dir, environment, commits } = repository;
  const objects = blobReader(gitReader(dir, environment), limit);
  const committer = { name: 'Flagstaff', email: 'flagstaff@localhost' };
  const builder = { plumbing: plumbing(writesTo, environment, 5000), format: 'sha1', objects, committer } as const;
  const state = { commit: commits[0] ?? '', prefix: '', files: [] };
  const plan = { edits: [{ path: 'b.flag.yaml', after: 'x' }], message: 'x' };
  try {
    return await buildCommit(builder, state, plan, planning(plan.edits));
  } finally {
    objects.close();
  }
}

it('a commit is built without moving anything', async () => {
  const commit = await build(1000, repository.dir);
  expect(await repository.git('show', '--format=%P', '--name-only', commit)).toBe(
    `${repository.commits[0]}\n\nb.flag.yaml`,
  );
  expect(await repository.git('rev-parse', 'main')).toBe(repository.commits[0]);
});

it('a folder that is too large to be read is told', async () => {
  await expect(build(10, repository.dir)).rejects.toMatchObject({ code: 'unavailable', message: /too many files/ });
});

it('a repository that takes no objects is told', async () => {
  await expect(build(1000, repository.path('..'))).rejects.toMatchObject({ code: 'not-a-git-repository' });
});
