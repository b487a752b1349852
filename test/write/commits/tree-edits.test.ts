import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type NewObject, newObject, type ObjectFormat } from '../../../src/write/commits/objects.js';
import { editTree, type TreeEdit } from '../../../src/write/commits/tree-edits.js';
import { makeRepository, type TestRepository } from '../../repository.js';

let repository: TestRepository;

beforeAll(async () => {
  repository = await makeRepository();
});

afterAll(() => repository.remove());

/** Trees that exist nowhere but here. */
const store = new Map<string, Buffer>();

async function edit(tree: string, edits: readonly TreeEdit[], format: ObjectFormat = 'sha1'): Promise<string> {
  const made: NewObject[] = [];
  const read = async (oid: string) => store.get(oid) ?? Buffer.alloc(0);
  const oid = await editTree({ format, made, read }, tree, edits);
  for (const object of made) store.set(object.oid, object.bytes);
  return oid;
}

const EMPTY = newObject('tree', Buffer.alloc(0), 'sha1').oid;

const adding = (path: string, after = 'x'): TreeEdit => ({ path, before: undefined, after });

/** What git makes of the same files. */
function treeByGit(files: ReadonlyMap<string, string>): string {
  const env = { ...repository.environment, GIT_INDEX_FILE: repository.path('..', 'some.index') };
  const git = (args: string[], input: string) => spawnSync('git', args, { cwd: repository.dir, env, input });
  git(['read-tree', '--empty'], '');
  const lines = [...files].map(
    ([path, text]) => `100644 ${newObject('blob', Buffer.from(text), 'sha1').oid}\t${path}\0`,
  );
  git(['update-index', '-z', '--index-info'], lines.join(''));
  return git(['write-tree', '--missing-ok'], '').stdout.toString().trim();
}

/** A tree with one entry of any mode, by what `git mktree` makes of it. */
function treeOf(line: string): string {
  const made = spawnSync('git', ['mktree', '--missing'], {
    cwd: repository.dir,
    env: repository.environment,
    input: `${line}\n`,
  });
  const oid = made.stdout.toString().trim();
  const shown = spawnSync('git', ['cat-file', 'tree', oid], { cwd: repository.dir, env: repository.environment });
  store.set(oid, shown.stdout);
  return oid;
}

const ID = newObject('blob', Buffer.from('x'), 'sha1').oid;

describe('an edited tree', () => {
  it('is the one that git would make, whatever is put in and taken out', async () => {
    const name = fc.constantFrom('a', 'a.b', 'a-b', 'ab', 'ä', 'z');
    const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((names) => `${names.join('/')}.yaml`);
    const steps = fc.array(fc.array(fc.tuple(path, fc.option(fc.constantFrom('1', '2'), { nil: undefined }))), {
      minLength: 1,
      maxLength: 4,
    });
    await fc.assert(
      fc.asyncProperty(steps, async (commits) => {
        const files = new Map<string, string>();
        let tree = EMPTY;
        for (const changes of commits) {
          const edits = [...new Map(changes)].flatMap(([at, after]) => {
            const before = files.get(at);
            return before === undefined && after === undefined ? [] : [{ path: at, before, after }];
          });
          tree = await edit(tree, edits);
          for (const { path: at, after } of edits) after === undefined ? files.delete(at) : files.set(at, after);
        }
        expect(tree).toBe(treeByGit(files));
      }),
      { numRuns: 40 },
    );
  });

  it('keeps what it does not touch, and the mode of what it does', async () => {
    const script = treeOf(`100755 blob ${ID}\trun.yaml`);
    const tree = await edit(script, [{ path: 'run.yaml', before: 'x', after: 'y' }]);
    expect(store.get(tree)?.toString('latin1')).toMatch(/^100755 run\.yaml\0/);
  });

  it('may be one of SHA-256', async () => {
    const tree = await edit('nothing', [adding('flags/a.yaml'), adding('flags/b.yaml')], 'sha256');
    const changed = await edit(tree, [{ path: 'flags/a.yaml', before: 'x', after: undefined }], 'sha256');
    const [inner] = [...store.entries()].filter(([, bytes]) => bytes.toString('latin1').startsWith('100644 b.yaml'));
    expect(
      store
        .get(changed)
        ?.toString('hex')
        .endsWith(inner?.[0] ?? '?'),
    ).toBe(true);
  });
});

describe('a file', () => {
  it.each([
    ['is there already', 'a.yaml', undefined, 'already-exists', `100644 blob ${ID}\ta.yaml`],
    ['says something else', 'a.yaml', 'y', 'unavailable', `100644 blob ${ID}\ta.yaml`],
    ['is not there', 'b.yaml', 'x', 'unavailable', `100644 blob ${ID}\ta.yaml`],
    ['is a link', 'a.yaml', 'x', 'unavailable', `120000 blob ${ID}\ta.yaml`],
    ['is a folder', 'a.yaml', undefined, 'already-exists', `040000 tree ${EMPTY}\ta.yaml`],
    ['would stand in a link', 'a/b.yaml', undefined, 'invalid-argument', `120000 blob ${ID}\ta`],
    ['would stand in a file', 'a/b.yaml', undefined, 'invalid-argument', `100644 blob ${ID}\ta`],
    ['would stand in another repository', 'a/b.yaml', undefined, 'invalid-argument', `160000 commit ${ID}\ta`],
    ['differs by case from another', 'A.yaml', undefined, 'already-exists', `100644 blob ${ID}\ta.yaml`],
    ['differs by case from a folder', 'Ä.yaml', undefined, 'already-exists', `040000 tree ${EMPTY}\tä.yaml`],
    ['stands in a folder that differs by case', 'A/b.yaml', undefined, 'already-exists', `040000 tree ${EMPTY}\ta`],
  ])('that %s is refused', async (_, path, before, code, line) => {
    await expect(edit(treeOf(line), [{ path, before, after: 'new' }])).rejects.toMatchObject({ code });
  });

  it('cannot be a folder as well', async () => {
    const both = [adding('a.yaml/b.yaml'), adding('a.yaml')];
    await expect(edit(EMPTY, both)).rejects.toMatchObject({ code: 'invalid-argument' });
  });
});
