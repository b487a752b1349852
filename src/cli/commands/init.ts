import { access, mkdir, writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { Refusal } from '../../diagnostics/refusal.js';
import type { GlobalOptions } from '../command.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import { starter } from '../starter.js';
import { note, type Terminal } from '../terminal.js';

export type InitOptions = GlobalOptions;

/** Writes the starter into DIR, else into `./flags`. Never overwrites. */
export async function runInit(options: InitOptions, terminal: Terminal): Promise<ExitCode> {
  const root = resolve(terminal.cwd, options.dir ?? 'flags');
  const shown = (path: string): string => relative(terminal.cwd, join(root, path)) || path;
  for (const { path } of starter) {
    if (await exists(join(root, path))) throw alreadyThere(shown(path));
  }
  await makeDirectory(root);
  for (const { path, text } of starter) await writeNew(join(root, path), text, shown(path));
  await terminal.stdout.write(starter.map(({ path }) => `${shown(path)}\n`).join(''));
  await note(terminal, nextSteps(relative(terminal.cwd, root) || '.'));
  return EXIT.ok;
}

function alreadyThere(path: string): Refusal {
  return new Refusal('already-exists', `\`${path}\` is there already; nothing was written`, {
    help: 'name another directory: `flagstaff init DIR`',
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
