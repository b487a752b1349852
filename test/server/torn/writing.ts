import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'vitest';
import { makeRepository, runGit, type TestRepository } from '../../repository.js';
import { startTestServer, type TestServer } from '../running.js';
import { prepareCommits, type State } from './commits.js';
import { EMPTIED, PROJECT, SEGMENT, tornSegment, USERS, versionOf } from './versions.js';
import { both, followStream, keepAsking } from './watch.js';

/** One way in which versions are written, one after the other, while two servers are watched. */
export type Way = (place: Place, times: number) => Promise<Scene>;

interface Place {
  readonly repository: TestRepository;
  /** For what is needed beside the repository. */
  readonly home: string;
}

interface Scene {
  /** Two servers of the repository. */
  readonly servers: readonly TestServer[];
  /** What the servers do not get to see between two versions they need not serve. */
  write(number: number): Promise<unknown>;
}

/** Writes versions and expects that nobody ever sees anything but whole ones, and at last the newest. */
export async function expectNothingTorn(way: Way, times: number): Promise<void> {
  const home = await mkdtemp(join(tmpdir(), 'flagstaff-torn-'));
  const repository = await makeRepository([{ files: { ...PROJECT, ...versionOf(0) } }]);
  const { servers, write } = await way({ repository, home }, times);
  const watches = servers.map(keepAsking);
  try {
    const streams = servers.map((server) => followStream(server, times));
    for (let number = 1; number <= times; number += 1) {
      await write(number);
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
async function startReplicas({ repository, home }: Place): Promise<TestServer[]> {
  const from = pathToFileURL(repository.dir).href;
  const start = async (name: string, poll: number) => {
    await runGit(home, repository.environment, ['clone', '--quiet', from, name]);
    const git = { ref: 'main', remote: 'origin' };
    return startTestServer({ root: join(home, name), git, poll }, repository.environment);
  };
  return Promise.all([start('one', 1000), start('other', 1400)]);
}

function startOnTree({ repository: { dir } }: Place): Promise<TestServer[]> {
  return Promise.all([startTestServer({ root: dir }), startTestServer({ root: dir })]);
}

/** Of five commits the servers look for one each at once; what comes between they meet by and by, or never. */
function whoLooks([one, other]: readonly TestServer[], step: number): TestServer | undefined {
  return [undefined, one, undefined, other][step % 5];
}

/**
 * The branch is moved along commits that are there already, since to make each of them would take longer than all
 * that the servers do.
 */
async function commitsOf(place: Place, states: readonly (readonly State[])[]): Promise<Scene> {
  const oids = await prepareCommits(place.repository, states.flat());
  const servers = await startReplicas(place);
  const upTo = states.map((_, index) => states.slice(0, index + 1).flat().length);
  const write = async (number: number) => {
    for (let step = upTo[number - 2] ?? 0; step < (upTo[number - 1] ?? 0); step += 1) {
      await place.repository.git('update-ref', 'refs/heads/main', oids[step] ?? '');
      await whoLooks(servers, step)?.reload();
    }
  };
  return { servers, write };
}

const numbers = (times: number) => Array.from({ length: times }, (_, index) => index + 1);

export const COMMITS: Way = (place, times) =>
  commitsOf(
    place,
    numbers(times).map((number) => [versionOf(number)]),
  );

/** The segment has lost its rules for one commit, and comes back with others. */
export const COMMITS_THAT_EMPTY: Way = (place, times) =>
  commitsOf(
    place,
    numbers(times).map((number) => [{ ...versionOf(number), ...EMPTIED }, versionOf(number)]),
  );

/** milliseconds; some saves follow each other while the servers read, others leave them time */
const unevenly = (number: number) => sleep((number * 37) % 100);

/** As an editor saves several files: each beside the old one first, then all are renamed. */
export const SAVES: Way = async (place) => {
  const { repository } = place;
  const write = async (number: number) => {
    const files = Object.entries(versionOf(number)).map(([name, text]) => ({ path: repository.path(name), text }));
    await Promise.all(files.map(({ path, text }) => writeFile(`${path}.part`, text)));
    await Promise.all(files.map(({ path }) => rename(`${path}.part`, path)));
    await unevenly(number);
  };
  return { servers: await startOnTree(place), write };
};

/** milliseconds between the steps of a writer that takes its time */
const STEP = 15;

/**
 * In place, one file after the other, the segment torn at first and right at last. In the midst of it somebody asks
 * for a reload.
 */
export const TORN_SAVES: Way = async (place) => {
  const { repository } = place;
  const servers = await startOnTree(place);
  const write = async (number: number) => {
    const steps: [string, string][] = [[SEGMENT, tornSegment(number)], ...Object.entries(versionOf(number)).reverse()];
    for (const [index, [name, text]] of steps.entries()) {
      await writeFile(repository.path(name), text);
      if (index === number % steps.length) void servers[number % servers.length]?.reload();
      await sleep(STEP);
    }
    await unevenly(number);
  };
  return { servers, write };
};
