import { expect, it } from 'vitest';
import { Compiler } from '../../src/server/compiler.js';
import { edited } from '../../src/server/writing/edits.js';
import { filesOf, flag } from '../project/files.js';

const byPath = (a: { readonly path: string }, b: { readonly path: string }) => (a.path < b.path ? -1 : 1);
const START = filesOf({ 'a.flag.yaml': flag('a'), 'c.flag.yaml': flag('c') }).sort(byPath);
const NEW = flag('b');

it('finds what was planned again when it is read to be served', async () => {
  const compiler = new Compiler({ tests: true });
  await compiler.compile(START);
  const planned = await compiler.compile(edited(START, [{ path: 'b.flag.yaml', after: NEW }]));
  const read = [...START, { path: 'b.flag.yaml', text: NEW }].sort(byPath);
  expect(await compiler.compile(read.map((file) => ({ ...file })))).toBe(planned);
  expect(
    planned.snapshot?.definitions
      .values()
      .next()
      .value?.flags.map(({ key }) => key),
  ).toEqual(['a', 'b', 'c']);
});

it('takes no state for another that differs in a text, a name or a problem', async () => {
  const compiler = new Compiler({ tests: false });
  const first = await compiler.compile(START);
  const [one, ...others] = START;
  if (one === undefined) throw new Error('there are files');
  for (const other of [
    { ...one, text: `${one.text}# more\n` },
    { ...one, path: 'aa.flag.yaml' },
    { ...one, problem: 'unreadable' as const },
  ]) {
    expect(await compiler.compile([other, ...others])).not.toBe(first);
  }
});

it('judges tests where it is asked to, and serves flags whose tests are broken', async () => {
  const broken = [...START, { path: 'x.test.yaml', text: 'flag: nobody\ncases: [{ expect: on }]\n' }];
  const [strict, lenient] = [new Compiler({ tests: true }), new Compiler({ tests: false })];
  const [judged, passed] = [await strict.compile(broken), await lenient.compile(broken)];
  expect(judged.diagnostics.length).toBeGreaterThan(0);
  expect(passed.diagnostics).toEqual([]);
  expect([...(judged.snapshot?.definitions ?? [])]).toEqual([...(passed.snapshot?.definitions ?? [])]);
});
