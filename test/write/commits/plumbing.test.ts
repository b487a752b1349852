import { chmod } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Plumbing, plumbing } from '../../../src/write/commits/plumbing.js';
import { makeRepository, type TestRepository } from '../../repository.js';

let repository: TestRepository;
let runs: Plumbing;

beforeEach(async () => {
  repository = await makeRepository([{ files: { a: '1' } }]);
  runs = plumbing(repository.dir, repository.environment, 5000);
});

afterEach(() => repository.remove());

async function hook(script: string): Promise<void> {
  await repository.write({ '.git/hooks/reference-transaction': `#!/bin/sh\n${script}\n` });
  await chmod(repository.path('.git/hooks/reference-transaction'), 0o755);
}

describe('plumbing', () => {
  it('says what git says', async () => {
    expect(await runs.git(['rev-parse', 'HEAD'])).toEqual({
      ...{ ok: true, late: false, complaint: '' },
      output: repository.commits[0],
    });
    expect(await runs.git(['rev-parse', '--verify', 'none'])).toMatchObject({
      ok: false,
      complaint: /single revision/,
    });
  });

  it('says when there is no such program', async () => {
    expect(await runs.run('no-such-program', [])).toMatchObject({ ok: false, late: false, complaint: /ENOENT/ });
  });

  it('gives up what does not answer in time', async () => {
    const answer = await runs.run('sleep', ['60'], { timeout: 100 });
    expect(answer).toMatchObject({ ok: false, late: true, complaint: 'no answer within 0.1 s' });
  });

  it('does not wait for what a hook leaves running', async () => {
    await hook('sleep 60 & echo $! >> ../sleepers');
    expect(await runs.git(['update-ref', 'refs/heads/b', 'HEAD'], { hooks: true })).toMatchObject({ ok: true });
    await runs.run('sh', ['-c', 'kill $(cat ../sleepers)']);
  });

  it('runs hooks only when it is told to', async () => {
    await hook('exit 1');
    expect(await runs.git(['update-ref', 'refs/heads/b', 'HEAD'])).toMatchObject({ ok: true });
    expect(await runs.git(['update-ref', 'refs/heads/c', 'HEAD'], { hooks: true })).toMatchObject({ ok: false });
  });

  it('survives a program that does not read what it is given', async () => {
    expect(await runs.run('true', [], { input: Buffer.alloc(1_000_000) })).toMatchObject({ ok: true });
  });
});
