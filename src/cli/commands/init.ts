import { access, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { Refusal } from '../../diagnostics/refusal.js';
import { PROJECT_FILE } from '../../project/kind.js';
import type { SourceFile } from '../../syntax/source-file.js';
import { type CiSystem, ciFiles } from '../ci-files.js';
import type { GlobalOptions } from '../command.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import { starter } from '../starter.js';
import { note, type Terminal } from '../terminal.js';

export interface InitOptions extends GlobalOptions {
  /** Write what makes this CI system check the flags. */
  readonly ci?: CiSystem;
}

/** Writes the starter into DIR, else into `./flags`; with `ci` the files for that, and the starter if there is none. */
export async function runInit(options: InitOptions, terminal: Terminal): Promise<ExitCode> {
  const root = resolve(terminal.cwd, options.dir ?? 'flags');
  const shown = (path: string): string => relative(terminal.cwd, path) || path;
  const files = await filesFor(options, root, terminal);
  for (const { path } of files) {
    if (await exists(path)) throw alreadyThere(shown(path), options);
  }
  for (const { path } of files) await makeDirectory(dirname(path));
  for (const { path, text } of files) await writeNew(path, text, shown(path));
  await terminal.stdout.write(files.map(({ path }) => `${shown(path)}\n`).join(''));
  await note(terminal, options.ci ? CI_STEPS[options.ci] : nextSteps(relative(terminal.cwd, root) || '.'));
  return EXIT.ok;
}

/** Those for CI stand at the top, which is where the command is called; all paths are absolute. */
async function filesFor({ ci }: InitOptions, root: string, { cwd }: Terminal): Promise<SourceFile[]> {
  const own = starter.map(({ path, text }) => ({ path: join(root, path), text }));
  if (ci === undefined) return own;
  const flags = relative(cwd, root).split(sep).join('/') || '.';
  if (flags.startsWith('..')) {
    throw new Refusal('invalid-argument', `\`${root}\` is not below this directory`, {
      help: 'go to the top of the git repository first',
    });
  }
  const files = (await ciFiles(ci, flags)).map(({ path, text }) => ({ path: join(cwd, path), text }));
  return (await exists(join(root, PROJECT_FILE))) ? files : [...own, ...files];
}

const CI_STEPS: Readonly<Record<CiSystem, string>> = {
  github: '\nCommit the workflows; the first pull request after that is reviewed. See docs/ci.md of the package.',
  gitlab: '\nTake it in from `.gitlab-ci.yml`: include: [{ local: flagstaff.gitlab-ci.yml }]',
};

function alreadyThere(path: string, { ci }: InitOptions): Refusal {
  return new Refusal('already-exists', `\`${path}\` is there already; nothing was written`, {
    help: ci === undefined ? 'name another directory: `flagstaff init DIR`' : 'move it away first, or merge by hand',
  });
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

async function makeDirectory(root: string): Promise<void> {
  try {
    await mkdir(root, { recursive: true });
  } catch (cause) {
    throw new Refusal('unreadable', `cannot make the directory \`${root}\` (${codeOf(cause)})`, { cause });
  }
}

async function writeNew(path: string, text: string, shown: string): Promise<void> {
  try {
    await writeFile(path, text, { flag: 'wx' });
  } catch (cause) {
    throw new Refusal('unreadable', `cannot write \`${shown}\` (${codeOf(cause)})`, { cause });
  }
}

function codeOf(cause: unknown): string {
  return String((cause as NodeJS.ErrnoException).code);
}

function nextSteps(directory: string): string {
  const option = directory === 'flags' || directory === '.' ? '' : ` -C ${directory}`;
  return [
    '',
    'Try next:',
    `  flagstaff lint${option}`,
    `  flagstaff eval${option} --attr targetingKey=user-1 --attr plan=pro --attr country=NL --explain`,
    `  flagstaff test${option}`,
  ].join('\n');
}
