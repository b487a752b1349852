import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Output, Terminal } from '../../src/cli/terminal.js';

/** What went to a terminal that is none. */
export interface MemoryTerminal extends Terminal {
  readonly out: () => string;
  readonly err: () => string;
}

export interface TerminalSetting {
  readonly cwd: string;
  readonly stdin?: string | AsyncIterable<Uint8Array>;
  /** Where a person is looking. */
  readonly tty?: { readonly stdin?: boolean; readonly stdout?: boolean; readonly stderr?: boolean };
  readonly colour?: boolean;
  readonly verbosity?: Terminal['verbosity'];
  readonly now?: () => number;
}

const NOON = Date.parse('2026-12-01T12:00:00Z');

export function memoryTerminal(setting: TerminalSetting): MemoryTerminal {
  const [stdout, out] = memoryOutput(setting.tty?.stdout === true, setting.colour === true);
  const [stderr, err] = memoryOutput(setting.tty?.stderr === true, setting.colour === true);
  const { stdin = '' } = setting;
  return {
    stdin: { isTTY: setting.tty?.stdin === true, read: () => (typeof stdin === 'string' ? once(stdin) : stdin) },
    stdout,
    stderr,
    out,
    err,
    cwd: setting.cwd,
    env: {},
    verbosity: setting.verbosity ?? 'normal',
    now: setting.now ?? (() => NOON),
    interruption: () => new AbortController().signal,
    onHangup: () => undefined,
  };
}

function memoryOutput(isTTY: boolean, colour: boolean): [Output, () => string] {
  const written: string[] = [];
  const write = async (text: string) => {
    written.push(text);
  };
  return [{ isTTY, colour, columns: 80, closed: false, write }, () => written.join('')];
}

async function* once(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

/** A directory with these files; remove it with `remove`. */
export async function makeDirectory(
  files: Readonly<Record<string, string>>,
): Promise<{ dir: string; remove(): Promise<void> }> {
  const dir = await realpath(await mkdtemp(join(tmpdir(), 'flagstaff-cli-')));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(dir, path)), { recursive: true });
    await writeFile(join(dir, path), text);
  }
  return { dir, remove: () => rm(dir, { recursive: true, force: true }) };
}
