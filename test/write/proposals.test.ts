import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Writer } from '../../src/write/writer.js';
import { makeRepository, type TestRepository } from '../repository.js';
import { appending, PROJECT, refused, request, writerAt } from './writing.js';

let repository: TestRepository;
let writer: Writer;

beforeEach(async () => {
  repository = await makeRepository([{ files: { 'flagstaff.yaml': PROJECT, 'a.flag.yaml': 'key: a\n' } }]);
  writer = writerAt(repository);
});

afterEach(async () => {
  writer.close();
  await repository.remove();
});

const at = (hour: number) => ({ at: Date.parse(`2026-06-01T${hour}:00:00Z`) });

describe('a proposal', () => {
  it('is a branch of its own; the served branch and the files stay', async () => {
    const { branch, commit, changed, url } = await writer.propose(appending('a.flag.yaml', 'x: 1'), { stem: 'a.b' });
    expect(branch).toBe(`flagstaff/a.b-${commit.slice(0, 8)}`);
    expect({ changed, url }).toEqual({ changed: true, url: undefined });
    expect(await repository.git('show', `${branch}:a.flag.yaml`)).toBe('key: a\nx: 1');
    expect(await repository.git('rev-parse', 'main')).toBe(repository.commits[0]);
    expect(await repository.git('status', '--porcelain')).toBe('');
  });

  it('takes further edits, which are planned on what it has', async () => {
    const first = await writer.propose(appending('a.flag.yaml', 'x: 1'), { stem: 'a' });
    await writer.write(appending('a.flag.yaml', 'served: 1'));
    const second = await writer.propose(appending('a.flag.yaml', 'x: 2'), { stem: 'a', branch: first.branch });
    expect(second.branch).toBe(first.branch);
    expect(await repository.git('show', `${first.branch}:a.flag.yaml`)).toBe('key: a\nx: 1\nx: 2');
  });

  it('is one, however often the same request comes', async () => {
    const same = () => writer.propose(appending('a.flag.yaml', 'x: 1', { requestId: 'r-1' }), { stem: 'a' });
    expect(await same()).toEqual(await same());
    expect(await writer.proposals()).toHaveLength(1);
  });

  it('is the same one still when it has been worked on meanwhile', async () => {
    const same = () => writer.propose(appending('a.flag.yaml', 'x: 1', { requestId: 'r-1' }), { stem: 'a' });
    const first = await same();
    const more = await writer.propose(appending('a.flag.yaml', 'x: 2'), { stem: 'a', branch: first.branch });
    expect(await same()).toEqual(first);
    expect(await repository.git('rev-parse', first.branch)).toBe(more.commit);
  });

  it('that changes nothing is no branch', async () => {
    const nothing = request(() => undefined);
    const head = repository.commits[0];
    expect(await writer.propose(nothing, { stem: 'a' })).toEqual({ branch: 'main', commit: head, changed: false });
    const { branch, commit } = await writer.propose(appending('a.flag.yaml', 'x: 1'), { stem: 'a' });
    expect(await writer.propose(nothing, { stem: 'a', branch })).toEqual({ branch, commit, changed: false });
  });

  it.each([
    ['checkout/one page..v2.', 'checkout-one-page.v2'],
    ['../../main', 'main'],
    ['@{-1}', '1'],
    ['', 'change'],
    ['x'.repeat(200), 'x'.repeat(60)],
  ])('of %j has a name that git allows', async (stem, name) => {
    const { branch, commit } = await writer.propose(appending('a.flag.yaml', 'x: 1'), { stem });
    expect(branch).toBe(`flagstaff/${name}-${commit.slice(0, 8)}`);
    await repository.git('check-ref-format', '--branch', branch);
  });

  it.each(['main', 'flagstaff/none', 'flagstaff/../main', 'flagstaff/a/b', 'flagstaff/x.lock', '-x', 'flagstaff/\0'])(
    'cannot go onto %j',
    async (branch) => {
      const proposing = writer.propose(appending('a.flag.yaml', 'x: 1'), { stem: 'a', branch });
      await expect(proposing).rejects.toMatchObject(refused('not-found'));
      expect(await repository.git('rev-parse', 'main')).toBe(repository.commits[0]);
    },
  );

  it('cannot be where a branch is called `flagstaff`', async () => {
    await repository.git('branch', 'flagstaff');
    const proposing = writer.propose(appending('a.flag.yaml', 'x: 1'), { stem: 'a' });
    await expect(proposing).rejects.toMatchObject(refused('git-failed', /'refs\/heads\/flagstaff' exists/));
  });

  it('never takes the place of another branch', async () => {
    const { branch } = await writer.propose(appending('a.flag.yaml', 'x: 1', { requestId: 'r-1' }), { stem: 'a' });
    await repository.git('update-ref', `refs/heads/${branch}`, 'main');
    const hasty = writerAt(repository, { tries: 2 });
    const again = hasty.propose(appending('a.flag.yaml', 'x: 1', { requestId: 'r-1' }), { stem: 'a' });
    await expect(again).rejects.toMatchObject(refused('contended'));
    hasty.close();
    expect(await repository.git('rev-parse', branch)).toBe(repository.commits[0]);
  });
});

describe('a proposal with an id', () => {
  it('is the same on whatever state of the branch it is made again', async () => {
    const place = { stem: 'a', id: '0badcafe' };
    const first = await writer.propose(appending('a.flag.yaml', 'x: 1'), place);
    expect(first).toMatchObject({ branch: 'flagstaff/a-0badcafe', changed: true });
    await writer.write(appending('b.flag.yaml', 'key: b'));
    expect(await writer.propose(appending('a.flag.yaml', 'x: 1'), place)).toEqual(first);
    expect(await repository.git('rev-parse', first.branch)).toBe(first.commit);
  });
});

describe('the list of proposals', () => {
  it('has the newest first, each with its base, its commits, and their authors', async () => {
    const old = await writer.propose(appending('a.flag.yaml', 'x: 1', at(10)), { stem: 'old' });
    const twin = await writer.propose(appending('a.flag.yaml', 'x: 2', at(10)), { stem: 'twin' });
    await writer.write(appending('b.flag.yaml', 'key: b', at(11)));
    const young = await writer.propose(appending('a.flag.yaml', 'x: 3', { ...at(12), reason: 'why' }), {
      stem: 'young',
    });
    const onto = { stem: 'young', branch: young.branch };
    const { commit } = await writer.propose(appending('a.flag.yaml', 'x: 4', at(13)), onto);
    const author = { name: 'Ada', email: 'ada@example.com' };
    const base = await repository.git('rev-parse', 'main');
    const proposals = await writer.proposals();
    expect(proposals[0]).toEqual({
      ...{ branch: young.branch, commit, base },
      commits: [
        { commit: young.commit, author, ...at(12), message: 'a.flag.yaml: x: 3\n\nReason: why' },
        { commit, author, ...at(13), message: 'a.flag.yaml: x: 4' },
      ],
    });
    expect(proposals.slice(1).map(({ branch }) => branch)).toEqual([old.branch, twin.branch]);
    expect(proposals[1]?.base).toBe(repository.commits[0]);
    expect(await writer.filesAt(old.commit)).toContainEqual({ path: 'a.flag.yaml', text: 'key: a\nx: 1\n' });
  });

  it('leaves out what is merged, and what has nothing to do with the served branch', async () => {
    const { branch } = await writer.propose(appending('a.flag.yaml', 'x: 1'), { stem: 'a' });
    await repository.git('merge', '--quiet', branch);
    await repository.git('switch', '--quiet', '--orphan', 'flagstaff/orphan');
    await repository.commit({ message: 'alone' });
    await repository.git('switch', '--quiet', 'main');
    expect(await writer.proposals()).toEqual([]);
  });
});
