import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'vitest';
import { makeRepository, runGit, type TestRepository } from '../../repository.js';
import { startTestServer, type TestServer } from '../running.js';
import { EMPTIED, PROJECT, SEGMENT, tornSegment, USERS, versionOf } from './versions.js';
import { both, followStream, keepAsking } from './watch.js';

/** One way in which versions are written, one after the other, while two servers are watched. */
export interface Way {
  /** Two servers of the repository. */
  start(repository: TestRepository, home: string): Promise<TestServer[]>;
  write(repository: TestRepository, number: number, servers: readonly TestServer[]): Promise<unknown>;
  /** In milliseconds; what the servers do not get to see in between they need not serve. */
  readonly pause: (number: number) => number;
}

/** Writes versions and expects that nobody ever sees anything but whole ones, and at last the newest. */
export async function expectNothingTorn(way: Way, times: number): Promise<void> {
  const home = await mkdtemp(join(tmpdir(), 'flagstaff-torn-'));
  const repository = await makeRepository([{ files: { ...PROJECT, ...versionOf(0) } }]);
  const servers = await way.start(repository, home);
  const watches = servers.map(keepAsking);
  try {
    const streams = servers.map((server) => followStream(server, times));
    for (let number = 1; number <= times; number += 1) {
      await way.write(repository, number, servers);
      await sleep(way.pause(number));
      if (number % 25 === 0) await expectServed(servers, number);
    }
    expect(await Promise.all(streams)).toEqual([[], []]);
    expect(watches.map(({ torn }) => torn)).toEqual([[], []]);
    expect(Math.min(...watches.map(({ asked }) => asked()))).toBeGreaterThan(times / 10);
  } finally {
    await Promise.all(watches.map((watch) => watch.stop()));
    await Promise.all(servers.map((server) => server.close()));
    await repository.remove();
    await rm(home, { recursive: true, force: true });
  }
}

async function expectServed(servers: readonly TestServer[], number: number): Promise<void> {
  for (const server of servers) {
    await expect.poll(() => both(server, USERS.ada), { timeout: 20_000 }).toEqual([number, number]);
  }
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Two replicas, each with a clone of its own that it fetches into. */
async function startReplicas(repository: TestRepository, home: string): Promise<TestServer[]> {
  const from = pathToFileURL(repository.dir).href;
  const start = async (name: string, poll: number) => {
    await runGit(home, repository.environment, ['clone', '--quiet', from, name]);
    const git = { ref: 'main', remote: 'origin' };
    return startTestServer({ root: join(home, name), git, poll }, repository.environment);
  };
  return Promise.all([start('one', 200), start('other', 300)]);
}

function startOnTree({ dir }: TestRepository): Promise<TestServer[]> {
  return Promise.all([startTestServer({ root: dir }), startTestServer({ root: dir })]);
}

/** milliseconds; some saves follow each other while the servers read, others leave them time */
const unevenly = (number: number) => (number * 37) % 100;

export const COMMITS: Way = {
  start: startReplicas,
  write: (repository, number) => repository.commit({ files: versionOf(number) }),
  pause: () => 0,
};

/** The segment has lost its rules for one commit, and comes back with others. */
export const COMMITS_THAT_EMPTY: Way = {
  ...COMMITS,
  write: async (repository, number) => {
    const { [SEGMENT]: _, ...flags } = versionOf(number);
    await repository.commit({ files: { ...flags, ...EMPTIED } });
    await repository.commit({ files: versionOf(number) });
  },
};

/** As an editor saves several files: each beside the old one first, then all are renamed. */
export const SAVES: Way = {
  start: startOnTree,
  write: async (repository, number) => {
    const files = Object.entries(versionOf(number)).map(([name, text]) => ({ path: repository.path(name), text }));
    await Promise.all(files.map(({ path, text }) => writeFile(`${path}.part`, text)));
    await Promise.all(files.map(({ path }) => rename(`${path}.part`, path)));
  },
  pause: unevenly,
};

/** milliseconds between the steps of a writer that takes its time */
const STEP = 15;

/**
 * In place, one file after the other, the segment torn at first and right at last. In the midst of it somebody asks
 * for a reload.
 */
export const TORN_SAVES: Way = {
  start: startOnTree,
  write: async (repository, number, servers) => {
    const steps: [string, string][] = [[SEGMENT, tornSegment(number)], ...Object.entries(versionOf(number)).reverse()];
    for (const [index, [name, text]] of steps.entries()) {
      await writeFile(repository.path(name), text);
      if (index === number % steps.length) void servers[number % servers.length]?.reload();
      await sleep(STEP);
    }
  },
  pause: unevenly,
};
