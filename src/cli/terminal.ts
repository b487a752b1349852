import type { Writable } from 'node:stream';
import { Refusal } from '../diagnostics/refusal.js';

/** Where text goes. */
export interface Output {
  readonly isTTY: boolean;
  /** Characters a line; 80 where nobody says. */
  readonly columns: number;
  readonly colour: boolean;
  /** Nobody reads any more (`| head`): what is written is dropped, and an endless command should end. */
  readonly closed: boolean;
  /** Resolves when the text has gone out. */
  write(text: string): Promise<void>;
}

/** Where bytes come from. */
interface Input {
  readonly isTTY: boolean;
  read(): AsyncIterable<Uint8Array>;
}

export type Environment = Readonly<Record<string, string | undefined>>;
type Verbosity = 'quiet' | 'normal' | 'verbose';

/** All that a command knows of the process it runs in. Results go to `stdout`, everything else to `stderr`. */
export interface Terminal {
  readonly stdin: Input;
  readonly stdout: Output;
  readonly stderr: Output;
  readonly cwd: string;
  readonly env: Environment;
  readonly verbosity: Verbosity;
  /** milliseconds since 1970 */
  now(): number;
  /** Asks to be told of an interrupt (Ctrl-C, SIGTERM) in place of dying of it. */
  interruption(): AbortSignal;
  /** Asks to be told of a SIGHUP in place of dying of it. */
  onHangup(listener: () => void): void;
}

/** Writes something for a person unless they asked for quiet. */
export async function note(terminal: Terminal, text: string): Promise<void> {
  if (terminal.verbosity !== 'quiet') await terminal.stderr.write(`${text}\n`);
}

/** Writes something for a person who asked for more. */
export async function detail(terminal: Terminal, text: string): Promise<void> {
  if (terminal.verbosity === 'verbose') await terminal.stderr.write(`${text}\n`);
}

/** What stands on stdin; a person who sits there is told that it is their turn. */
export async function* readStdin(terminal: Terminal): AsyncGenerator<Uint8Array> {
  if (terminal.stdin.isTTY) await note(terminal, 'note: reading from the terminal; Ctrl-D ends it');
  yield* terminal.stdin.read();
}

type TerminalStream = Writable & { readonly isTTY?: boolean; readonly columns?: number };

/** A process stream as an output. Colours follow FORCE_COLOR, NO_COLOR, TERM and whether a person is looking. */
export function outputTo(stream: TerminalStream, env: Environment): Output {
  let closed = false;
  stream.on('error', (error: NodeJS.ErrnoException) => {
    closed ||= error.code === 'EPIPE';
  });
  return {
    isTTY: stream.isTTY === true,
    columns: stream.columns ?? 80,
    colour: wantsColour(stream.isTTY === true, env),
    get closed() {
      return closed;
    },
    write: async (text) => {
      if (!closed && text !== '') await written(stream, text);
    },
  };
}

/** Waits until the text has gone out. @throws Refusal when it cannot, be it that the disk is full */
function written(stream: Writable, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(text, (error) => {
      const { code } = (error ?? {}) as NodeJS.ErrnoException;
      if (!error || code === 'EPIPE') resolve();
      else reject(new Refusal('unavailable', `cannot write the output (${code ?? error.message})`, { cause: error }));
    });
  });
}

function wantsColour(isTTY: boolean, env: Environment): boolean {
  const forced = env.FORCE_COLOR;
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== '') return false;
  return isTTY && env.TERM !== 'dumb';
}

/** The same output without colours. */
export function withoutColour(output: Output): Output {
  return {
    isTTY: output.isTTY,
    columns: output.columns,
    colour: false,
    get closed() {
      return output.closed;
    },
    write: (text) => output.write(text),
  };
}
