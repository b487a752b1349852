import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeRepository, type TestRepository } from '../repository.js';
import { survivesCrashes } from '../write/crash.js';
import { type WriterProgram, writerProgram } from '../write/writer-process.js';
import { PROJECT } from '../write/writing.js';

const TIMES = 200;

let program: WriterProgram;
let repository: TestRepository;

beforeAll(async () => {
  program = await writerProgram();
  const files = { 'flagstaff.yaml': PROJECT, 'a.flag.yaml': 'key: a\n' };
  repository = await makeRepository([{ files, message: 'first' }]);
});

afterAll(async () => {
  await program.remove();
  await repository.remove();
});

describe('two hundred writers that are killed', () => {
  it('with all that they started, every other time, leave a sound repository with all that they acknowledged', async () => {
    await survivesCrashes({ program, repository, times: TIMES, random: Math.random, within: 150, wholeMachine: true });
    const commits = Number(await repository.git('rev-list', '--count', 'main'));
    expect(commits).toBeGreaterThan(TIMES / 2);
  });
});
