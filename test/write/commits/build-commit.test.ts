import { expect, it } from 'vitest';
import { blobReader } from '../../../src/sources/git-blobs.js';
import { gitReader } from '../../../src/sources/git-process.js';
import { buildCommit } from '../../../src/write/commits/build-commit.js';
import { plumbing } from '../../../src/write/commits/plumbing.js';
import { makeRepository } from '../../repository.js';
import { planning } from '../writing.js';

it('a folder that is too large to be read is told', async () => {
  const repository = await makeRepository([{ files: { 'a.flag.yaml': 'key: a\n' } }]);
  const { dir, environment } = repository;
  const objects = blobReader(gitReader(dir, environment), 10);
  const committer = { name: 'Flagstaff', email: 'flagstaff@localhost' };
  const builder = { plumbing: plumbing(dir, environment, 5000), format: 'sha1', objects, committer } as const;
  const state = { commit: repository.commits[0] ?? '', prefix: '', files: [] };
  const plan = { edits: [{ path: 'b.flag.yaml', after: 'x' }], message: 'x' };
  const building = buildCommit(builder, state, plan, planning(plan.edits));
  await expect(building).rejects.toMatchObject({ code: 'unavailable', message: /too many files/ });
  objects.close();
  await repository.remove();
});
