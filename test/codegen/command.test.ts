import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main } from '../../src/cli/main.js';
import { makeDirectory, memoryTerminal } from '../cli/memory-terminal.js';
import { shop } from './shop.js';

let dir: string;
let remove: () => Promise<void>;

beforeAll(async () => {
  ({ dir, remove } = await makeDirectory(shop));
});

afterAll(() => remove());

async function run(...argv: readonly string[]) {
  const terminal = memoryTerminal({ cwd: dir });
  const code = await main(['codegen', ...argv], terminal);
  return { code, out: terminal.out(), err: terminal.err() };
}

describe('codegen', () => {
  it('prints the code, or writes it to a file', async () => {
    const printed = await run('--lang', 'ts');
    expect(printed).toMatchObject({ code: 0, err: '' });
    expect(await run('--lang', 'ts', '--out', 'src/flags.ts')).toEqual({
      code: 0,
      out: '',
      err: 'wrote `src/flags.ts`\n',
    });
    expect(await readFile(join(dir, 'src/flags.ts'), 'utf8')).toBe(printed.out);
    expect((await run('--lang', 'ts', '--out', 'src/flags.ts')).err).toBe('`src/flags.ts` is up to date\n');
  });

  it('says in CI whether a file is up to date, and what to run if it is not', async () => {
    const argv = ['--lang', 'openfeature-manifest', '--tag', 'web', '--expose', 'client', '--out', 'flags.json'];
    const outdated = {
      code: 1,
      out: '',
      err: `error: \`flags.json\` is not what the flags say\nhelp: run \`flagstaff codegen --lang openfeature-manifest --out flags.json --tag web --expose client\`\n`,
    };
    expect(await run(...argv, '--check')).toEqual(outdated);
    await run(...argv);
    expect(await run(...argv, '--check')).toEqual({ code: 0, out: '', err: '' });
    const text = await readFile(join(dir, 'flags.json'), 'utf8');
    await writeFile(join(dir, 'flags.json'), text.replaceAll('\n', '\r\n'));
    expect(await run(...argv, '--check')).toMatchObject({ code: 0 });
    await writeFile(join(dir, 'flags.json'), text.replace('true', 'false'));
    expect(await run(...argv, '--check')).toEqual(outdated);
    expect(await readFile(join(dir, 'flags.json'), 'utf8')).not.toBe(text);
  });

  it('tells of keys that would share a name', async () => {
    const clash = await makeDirectory({
      'flagstaff.yaml': 'environments: [development]\n',
      'a.flag.yaml': 'key: a-b\ntype: boolean\ndefault: off\n',
      'b.flag.yaml': 'key: a_b\ntype: string\nvariants: { x: y }\ndefault: null\n',
    });
    expect((await run('-C', clash.dir, '--lang', 'ts')).err).toBe(
      'note: `a-b`, `a_b` would all be `aB`, so their names spell out what stands between the words\n',
    );
    expect((await run('-C', clash.dir, '--lang', 'openfeature-manifest')).err).toBe(
      'note: `a_b` is left out: a manifest needs a default, and the flag has none\n',
    );
    await clash.remove();
  });

  it.each([
    [['--lang', 'ts', '--check'], '`--check` compares with a file'],
    [['--lang', 'ts', '--out', 'flagstaff.yaml/flags.ts'], 'cannot write `flagstaff.yaml/flags.ts`'],
    [['--lang', 'cobol'], 'cobol'],
    [[], '--lang'],
  ])('cannot run with %j', async (argv, message) => {
    const { code, err } = await run(...argv);
    expect(code).toBe(2);
    expect(err).toContain(message);
  });

  it('writes nothing for a repository that does not pass the gate', async () => {
    const broken = await makeDirectory({ ...shop, 'broken.flag.yaml': 'key: broken\n' });
    const { code, err } = await run('-C', broken.dir, '--lang', 'ts', '--out', 'broken.ts');
    expect(code).toBe(1);
    expect(err).toContain('broken.flag.yaml');
    await expect(readFile(join(dir, 'broken.ts'))).rejects.toThrow();
    await broken.remove();
  });
});
