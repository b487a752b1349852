import fc from 'fast-check';
import { expect, it } from 'vitest';
import { dependentsIn } from '../../src/diff/dependents.js';
import { diff } from '../../src/diff/diff.js';
import { lint } from '../../src/lint/lint.js';
import type { Snapshot } from '../../src/model/snapshot.js';
import { type Compilation, compile } from '../../src/project/compile.js';
import { kindOf } from '../../src/project/kind.js';
import { Compiler } from '../../src/server/compiler.js';
import { edited } from '../../src/server/writing/edits.js';
import type { SourceFile } from '../../src/syntax/source-file.js';
import { type Step, step, taken } from '../project/changing.js';
import { FLAGSTAFF, filesOf, flag, type Literal } from '../project/files.js';

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

/** What is served, who depends on whom in it, and what keeps it from being served. */
function shown({ snapshot, diagnostics }: Compilation): string {
  const { definitions, files, ...rest } = snapshot ?? {};
  const dependents = [...(definitions?.values() ?? [])].map((one) => [...dependentsIn(one)]);
  const faults = diagnostics.filter(({ file }) => kindOf(file) !== 'test');
  return JSON.stringify([rest, [...(files ?? [])], [...(definitions ?? [])], dependents, faults]);
}

function movedBetween(before: Snapshot | undefined, after: Snapshot | undefined): string {
  return before === undefined || after === undefined ? '' : JSON.stringify(diff(before, after));
}

/** Something that is served though its tests do not pass, however the steps after it fall out. */
const FIRST: Step = { written: [['z.test.yaml', 'flag: nobody\ncases: [{ expect: { variant: on } }]\n']] };

it('gives of every state what compiling it alone gives, whatever drafts are compiled meanwhile', async () => {
  let [served, moved, tested] = [0, 0, 0];
  const steps = fc.array(fc.tuple(step, fc.option(step)), { minLength: 5, maxLength: 20 });
  const sorted = (literal: Literal) => filesOf(literal).sort(byPath);
  const property = async (sequence: readonly (readonly [Step, Step | null])[]) => {
    const compiler = new Compiler({ tests: true });
    const history: Literal[] = [{ 'flagstaff.yaml': FLAGSTAFF }];
    let [before, alone]: (Snapshot | undefined)[] = [];
    for (const [one, draft] of [[FIRST, null] as const, ...sequence]) {
      history.push(taken(history, one));
      const files: readonly SourceFile[] = sorted(history.at(-1) ?? {});
      const drafted = draft === null ? files : sorted(taken(history, draft));
      const [now, other] = await Promise.all([compiler.compile(files), compiler.compile(drafted)]);
      const fresh = compile(files);
      expect(shown(now)).toBe(shown(fresh));
      expect(shown(other)).toBe(shown(compile(drafted)));
      expect(movedBetween(before, now.snapshot)).toBe(movedBetween(alone, fresh.snapshot));
      if (draft === null) expect(lint(files, { now: 0, checked: now.checked })).toEqual(lint(files, { now: 0 }));
      served += now.snapshot === undefined ? 0 : 1;
      moved += movedBetween(before, now.snapshot) === '' ? 0 : 1;
      tested += now.snapshot !== undefined && now.diagnostics.length > 0 ? 1 : 0;
      [before, alone] = [now.snapshot, fresh.snapshot];
    }
  };
  await fc.assert(fc.asyncProperty(steps, property), { numRuns: 20 });
  expect(Math.min(served, moved, tested)).toBeGreaterThan(0);
});
