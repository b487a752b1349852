import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { builtProgram, projectDirectory, run } from './built.js';

let elsewhere: string;

beforeAll(async () => {
  await builtProgram();
  elsewhere = await realpath(await mkdtemp(join(tmpdir(), 'flagstaff-package-')));
  await writeFile(join(elsewhere, 'package.json'), JSON.stringify({ type: 'module', private: true }));
  const packed = ['pack', '--ignore-scripts', '--json', '--pack-destination', elsewhere];
  const { stdout } = await run('npm', packed, { cwd: projectDirectory });
  const [{ filename }] = JSON.parse(stdout) as [{ filename: string }];
  const quiet = ['--prefer-offline', '--no-audit', '--no-fund', '--omit=dev'];
  await run('npm', ['install', ...quiet, join(elsewhere, filename)], { cwd: elsewhere });
});

afterAll(() => rm(elsewhere, { recursive: true, force: true }));

const CONSUMER = `
import { compile, evaluate, lint, readDirectory } from 'flagstaff';
import type { Diagnostic, Evaluation, SourceFile } from 'flagstaff';

const now: number = Date.parse('2026-12-01');
const files: SourceFile[] = await readDirectory('flags');
const { snapshot, diagnostics } = compile(files);
const first: Diagnostic | undefined = diagnostics[0];
if (snapshot === undefined) throw new Error(first?.message);
const answer: Evaluation = evaluate(snapshot, 'new-checkout', { targetingKey: 'user-1', plan: 'pro', country: 'NL' }, { now });
console.log(answer.variant, answer.rule, lint(files, { now }).summary.errors);
`;

// Without `skipLibCheck`: the declarations of the package itself are checked, and need nothing of Node.
const COMPILER = { strict: true, module: 'nodenext', target: 'es2023', lib: ['es2023', 'dom'], types: [] };

describe('the package, installed elsewhere', () => {
  it('begins a repository, and its command runs', async () => {
    const flagstaff = join(elsewhere, 'node_modules/.bin/flagstaff');
    await run(flagstaff, ['init', 'begun'], { cwd: elsewhere });
    const { stdout } = await run(flagstaff, ['lint', 'begun'], { cwd: elsewhere });
    expect(stdout).toBe('no problems in 4 files\n');
  });

  it('can be imported by a program that type-checks', async () => {
    await run(join(elsewhere, 'node_modules/.bin/flagstaff'), ['init', 'flags'], { cwd: elsewhere });
    await writeFile(join(elsewhere, 'consumer.ts'), CONSUMER);
    await writeFile(
      join(elsewhere, 'tsconfig.json'),
      JSON.stringify({ compilerOptions: COMPILER, files: ['consumer.ts'] }),
    );
    const { stdout: errors } = await run(join(projectDirectory, 'node_modules/.bin/tsc'), [], { cwd: elsewhere }).catch(
      (error: { stdout: string }) => error,
    );
    expect(errors).toBe('');
    const { stdout } = await run(process.execPath, ['consumer.js'], { cwd: elsewhere });
    expect(stdout).toBe('on Early adopters 0\n');
  });

  it('brings its schemas', async () => {
    const code =
      "import flag from 'flagstaff/schemas/flag.schema.json' with { type: 'json' }; console.log(flag.$schema)";
    const { stdout } = await run(process.execPath, ['--no-warnings', '--input-type=module', '-e', code], {
      cwd: elsewhere,
    });
    expect(stdout).toBe('https://json-schema.org/draft/2020-12/schema\n');
  });
});
