import { rm, symlink } from 'node:fs/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Writer, WriteState } from '../../src/write/writer.js';
import { makeRepository, type TestRepository } from '../repository.js';
import { PROJECT, planning, request, writerAt } from './writing.js';

let repository: TestRepository;
let writer: Writer;

beforeEach(async () => {
  const files = { 'flags/flagstaff.yaml': PROJECT, 'flags/a.flag.yaml': 'key: a\n', 'flags/b.flag.yaml': 'key: b\n' };
  repository = await makeRepository([{ files }]);
  writer = open();
});

afterEach(async () => {
  writer.close();
  await repository.remove();
});

/** As in a bare repository: no directory says where the flags are. */
function open(): Writer {
  return writerAt(repository, { root: repository.path('.git') });
}

async function stateOf(one: Writer): Promise<WriteState | undefined> {
  let seen: WriteState | undefined;
  await one.write(
    request((state) => {
      seen = state;
      return undefined;
    }),
  );
  return seen;
}

async function expectAsReadAnew(): Promise<void> {
  const fresh = open();
  expect(await stateOf(writer)).toEqual(await stateOf(fresh));
  fresh.close();
}

const link = (target: string, path: string) => () => symlink(target, repository.path(path));
const remove = (path: string) => () => rm(repository.path(path));
const write = (path: string, text: string) => () => repository.write({ [path]: text });

it('is planned on what reading everything gives, also among links and where the flags move', async () => {
  const changes: readonly (() => Promise<unknown>)[] = [
    write('flags/b.flag.yaml', 'key: b\n# more\n'),
    link('later.flag.yaml', 'flags/d.flag.yaml'),
    write('flags/later.flag.yaml', 'key: later\n'),
    remove('flags/later.flag.yaml'),
    () => repository.git('mv', 'flags/a.flag.yaml', 'flags/later.flag.yaml'),
    remove('flags/d.flag.yaml'),
    remove('flags/later.flag.yaml'),
    write('flagstaff.yaml', PROJECT),
    write('flags/b.flag.yaml', 'key: b\n'),
    remove('flagstaff.yaml'),
    () => repository.git('mv', 'flags', 'elsewhere'),
  ];
  await expectAsReadAnew();
  for (const change of changes) {
    await change();
    await repository.git('add', '--all');
    await repository.git('commit', '--quiet', '--message', 'a change');
    await expectAsReadAnew();
  }
});

it('is planned on what reading everything gives after writes of its own, also among links', async () => {
  await repository.git('switch', '--quiet', '--create', 'side');
  await link('a.flag.yaml', 'flags/c.flag.yaml')();
  await repository.git('add', '--all');
  await repository.git('commit', '--quiet', '--message', 'a link');
  await repository.git('branch', '--force', 'main');
  const edits = [
    { path: 'b.flag.yaml', before: 'key: b\n', after: 'key: b\n# more\n' },
    { path: 'a.flag.yaml', before: 'key: a\n' },
    { path: 'a.flag.yaml', after: 'key: a\n' },
  ];
  for (const edit of edits) {
    await writer.write(planning([edit]));
    await expectAsReadAnew();
  }
});
