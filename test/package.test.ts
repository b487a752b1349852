import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
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

const APPLICATION = `
import { booleanFlag, FlagstaffClient } from 'flagstaff/sdk';
import type { BooleanFlag, ClientStatus, Details, FlagClient } from 'flagstaff/sdk';
import { inMemoryClient } from 'flagstaff/testing';

const flag: BooleanFlag = booleanFlag('new-checkout', false);
const memory = inMemoryClient();
memory.set(flag, true);
const files: FlagClient = FlagstaffClient.fromFiles('flags', { watch: false });
const remote: FlagClient = new FlagstaffClient({ url: 'http://127.0.0.1:1', initTimeout: 1 });
await Promise.all([files.ready(), remote.ready()]);
const details: Details<boolean> = flag.details(files, { targetingKey: 'user-1', plan: 'pro', country: 'NL' });
const status: ClientStatus = remote.status();
console.log(flag.get(memory), details.rule, status.source);
await Promise.all([files.close(), remote.close()]);
`;

const PROVIDER = `
import { OpenFeature } from '@openfeature/server-sdk';
import { FlagstaffProvider } from 'flagstaff/openfeature';
import { inMemoryClient } from 'flagstaff/testing';

await OpenFeature.setProviderAndWait(new FlagstaffProvider(inMemoryClient({ greeting: 'hello' })));
const greeting: string = await OpenFeature.getClient().getStringValue('greeting', '');
console.log(greeting);
`;

// Without `skipLibCheck`: the declarations of the package itself are checked, and need nothing of Node.
const COMPILER = { strict: true, module: 'nodenext', target: 'es2023', lib: ['es2023', 'dom'], types: [] };

/** Type-checks a program there, and gives what it prints. */
async function compileAndRun(name: string, compilerOptions: object): Promise<string> {
  const settings = JSON.stringify({ compilerOptions, files: [`${name}.ts`] });
  await writeFile(join(elsewhere, `${name}.json`), settings);
  const tsc = join(projectDirectory, 'node_modules/.bin/tsc');
  const { stdout: errors } = await run(tsc, ['-p', `${name}.json`], { cwd: elsewhere }).catch(
    (error: { stdout: string }) => error,
  );
  expect(errors).toBe('');
  const { stdout } = await run(process.execPath, [`${name}.js`], { cwd: elsewhere });
  return stdout;
}

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
    expect(await compileAndRun('consumer', COMPILER)).toBe('on Early adopters 0\n');
  });

  it('has a client for applications, and one for their tests', async () => {
    await writeFile(join(elsewhere, 'application.ts'), APPLICATION);
    expect(await compileAndRun('application', COMPILER)).toBe('true Early adopters defaults\n');
  });

  it('has a provider for the OpenFeature SDK, when that is there', async () => {
    await mkdir(join(elsewhere, 'node_modules/@openfeature'), { recursive: true });
    for (const name of ['server-sdk', 'core']) {
      const path = `node_modules/@openfeature/${name}`;
      await symlink(join(projectDirectory, path), join(elsewhere, path));
    }
    await writeFile(join(elsewhere, 'provider.ts'), PROVIDER);
    // Their declarations need Node's.
    expect(await compileAndRun('provider', { ...COMPILER, skipLibCheck: true })).toBe('hello\n');
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
