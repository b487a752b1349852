import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { type ApplicationFlag, applicationFlags } from '../../codegen/application-flag.js';
import { manifestFor } from '../../codegen/manifest.js';
import { typescriptFor } from '../../codegen/typescript.js';
import { Refusal } from '../../diagnostics/refusal.js';
import type { Audience } from '../../model/flag.js';
import type { GlobalOptions } from '../command.js';
import { compileRepository, listed } from '../compiled.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import { note, type Terminal } from '../terminal.js';

type Language = 'ts' | 'openfeature-manifest';

export interface CodegenOptions extends GlobalOptions {
  readonly lang: Language;
  /** Where the code goes; stdout if left out. */
  readonly out?: string;
  /** Write nothing; say whether `out` is what would be written. */
  readonly check?: boolean;
  /** A flag must have all of them. */
  readonly tag?: readonly string[];
  readonly expose?: Audience;
}

export async function runCodegen(options: CodegenOptions, terminal: Terminal): Promise<ExitCode> {
  if (options.check === true && options.out === undefined) {
    throw new Refusal('invalid-argument', '`--check` compares with a file', { help: 'name it with `--out FILE`' });
  }
  const repository = await compileRepository(options, terminal);
  if (repository === undefined) return EXIT.findings;
  const { tag: tags = [], expose: audience } = options;
  const flags = applicationFlags(repository.project, { tags, ...(audience === undefined ? {} : { audience }) });
  const { text, notes } = GENERATORS[options.lang](flags);
  for (const line of notes) await note(terminal, `note: ${line}`);
  return deliver(text, options, terminal);
}

interface Generated {
  readonly text: string;
  readonly notes: readonly string[];
}

const GENERATORS: Readonly<Record<Language, (flags: readonly ApplicationFlag[]) => Generated>> = {
  ts: (flags) => {
    const { text, clashes } = typescriptFor(flags);
    const notes = clashes.map(({ keys, identifier }) => {
      return `${listed(keys)} would all be \`${identifier}\`, so their names spell out what stands between the words`;
    });
    return { text, notes };
  },
  'openfeature-manifest': (flags) => {
    const { text, leftOut } = manifestFor(flags);
    const notes = leftOut.map((key) => `\`${key}\` is left out: a manifest needs a default, and the flag has none`);
    return { text, notes };
  },
};

async function deliver(text: string, options: CodegenOptions, terminal: Terminal): Promise<ExitCode> {
  const { out, check } = options;
  if (out === undefined) {
    await terminal.stdout.write(text);
    return EXIT.ok;
  }
  const path = resolve(terminal.cwd, out);
  const isCurrent = (await textAt(path))?.replaceAll('\r\n', '\n') === text;
  if (check === true) return checked(isCurrent, out, options, terminal);
  if (!isCurrent) await write(path, text, out);
  await note(terminal, isCurrent ? `\`${out}\` is up to date` : `wrote \`${out}\``);
  return EXIT.ok;
}

async function checked(
  isCurrent: boolean,
  out: string,
  options: CodegenOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  if (isCurrent) return EXIT.ok;
  await terminal.stderr.write(`error: \`${out}\` is not what the flags say\nhelp: run \`${commandLine(options)}\`\n`);
  return EXIT.findings;
}

/** What to run, as the reader ran it. */
function commandLine({ lang, out = '', tag = [], expose, dir }: CodegenOptions): string {
  const words = [
    ...(dir === undefined ? [] : ['-C', dir]),
    '--lang',
    lang,
    '--out',
    out,
    ...tag.flatMap((name) => ['--tag', name]),
    ...(expose === undefined ? [] : ['--expose', expose]),
  ];
  return `flagstaff codegen ${words.join(' ')}`;
}

/** `undefined`: there is no such file. */
async function textAt(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(() => undefined);
}

async function write(path: string, text: string, shown: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new Refusal('unavailable', `cannot write \`${shown}\` (${code ?? 'unknown'})`, { cause });
  }
}
