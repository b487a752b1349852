import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newObject, packOf } from '../../../src/write/commits/objects.js';
import { makeRepository, runGit, type TestRepository } from '../../repository.js';

let repository: TestRepository;

beforeAll(async () => {
  repository = await makeRepository();
  await runGit(repository.path('..'), repository.environment, ['init', '-q', '--object-format=sha256', 'sha256']);
});

afterAll(() => repository.remove());

function git(directory: string, args: readonly string[], input: Buffer): Buffer {
  return spawnSync('git', [...args], { cwd: directory, env: repository.environment, input }).stdout;
}

describe.each([
  ['sha1', 'repository'],
  ['sha256', 'sha256'],
] as const)('objects by %s', (format, name) => {
  it('have the names that git gives them', () => {
    const bytes = Buffer.from('key: a\n');
    const oid = git(repository.path('..', name), ['hash-object', '--stdin'], bytes).toString().trim();
    expect(newObject('blob', bytes, format).oid).toBe(oid);
  });

  it('arrive in the repository as they are, whatever their size', () => {
    const sizes = fc.oneof(fc.nat(40), fc.constantFrom(0, 15, 16, 2047, 2048, 262_143, 262_144, 300_000));
    fc.assert(
      fc.property(fc.array(sizes, { minLength: 1, maxLength: 4 }), fc.nat(255), (lengths, fill) => {
        const objects = lengths.map((length) => newObject('blob', Buffer.alloc(length, fill), format));
        const directory = repository.path('..', name);
        git(directory, ['unpack-objects', '-q'], packOf(objects, format));
        for (const { oid, bytes } of objects) {
          expect(git(directory, ['cat-file', 'blob', oid], Buffer.alloc(0)).equals(bytes)).toBe(true);
        }
      }),
      { numRuns: 8 },
    );
  });
});
