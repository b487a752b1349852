import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Refusal } from '../../diagnostics/refusal.js';
import { openKeyRing } from '../../server/access/key-ring.js';
import { logTo } from '../../server/log.js';
import type { Parts } from '../../server/parts.js';
import { type RunningServer, type ServeOptions, startServer } from '../../server/start.js';
import type { GlobalOptions } from '../command.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import { findRepository } from '../repository.js';
import type { Terminal } from '../terminal.js';

export interface ServeCommandOptions extends GlobalOptions {
  readonly host: string;
  readonly port: number;
  readonly source: 'worktree' | 'git';
  readonly ref: string;
  readonly remote?: string;
  /** milliseconds */
  readonly poll: number;
  /** milliseconds */
  readonly fetchTimeout: number;
  readonly allowRewind?: boolean;
  readonly snapshotCache?: string;
  readonly env?: string;
  readonly maxStreams: number;
  /** milliseconds */
  readonly keepalive: number;
  readonly peers?: readonly string[];
  readonly corsOrigin?: readonly string[];
  readonly keys?: string;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  /** Requests a minute; 0: as many as they like. */
  readonly rateLimit: number;
  readonly trustProxy?: boolean;
}

/** Serves until interrupted. */
export async function runServe(options: ServeCommandOptions, terminal: Terminal): Promise<ExitCode> {
  const end = terminal.interruption();
  const log = logFor(terminal);
  const failed = (error: Error) => log.error(`the keys stay as they are: ${error.message}`);
  const { keys } = options;
  const keyRing = keys === undefined ? undefined : await openKeyRing(resolve(terminal.cwd, keys), { failed });
  try {
    const settings = await serveOptions(options, terminal);
    const server = { ...settings.server, ...(keyRing && { keyRing }) };
    const history = randomBytes(6).toString('hex');
    const edges = { now: terminal.now, history, log, environment: terminal.env };
    const running = await startServer({ ...settings, server }, edges);
    terminal.onHangup(() => void running.reload());
    await terminal.stdout.write(`listening on ${running.url}\n`);
    await untilInterrupted(end, running);
  } finally {
    keyRing?.close();
  }
  return EXIT.ok;
}

async function serveOptions(options: ServeCommandOptions, terminal: Terminal): Promise<ServeOptions> {
  const { host, port, poll, fetchTimeout, maxStreams, keepalive, allowRewind = false, env, corsOrigin } = options;
  const { snapshotCache: file, peers = [] } = options;
  const secret = terminal.env.FLAGSTAFF_HOOK_SECRET;
  refusePeersUnsigned(peers, secret);
  return {
    root: await rootOf(options, terminal),
    host,
    port,
    poll,
    fetchTimeout,
    allowRewind,
    maxStreams,
    keepalive,
    peers,
    ...gitOf(options),
    ...(file !== undefined && { snapshotCache: resolve(terminal.cwd, file) }),
    ...(secret !== undefined && secret !== '' && { hookSecret: secret }),
    server: {
      ...(env !== undefined && { environment: env }),
      ...(corsOrigin && { corsOrigins: corsOrigin }),
      ...(await tlsOf(options, terminal)),
      limits: { requestsPerMinute: options.rateLimit },
      trustProxy: options.trustProxy === true,
    },
  };
}

async function tlsOf({ tlsCert, tlsKey }: ServeCommandOptions, { cwd }: Terminal): Promise<Pick<Parts, 'tls'>> {
  if (tlsCert === undefined && tlsKey === undefined) return {};
  if (tlsCert === undefined || tlsKey === undefined) {
    throw new Refusal('invalid-argument', '`--tls-cert` and `--tls-key` need each other');
  }
  const [cert, key] = await Promise.all([readPem(resolve(cwd, tlsCert)), readPem(resolve(cwd, tlsKey))]);
  return { tls: { cert, key } };
}

async function readPem(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new Refusal('unreadable', `cannot read \`${path}\` (${code})`, { cause });
  }
}

function refusePeersUnsigned(peers: readonly string[], secret: string | undefined): void {
  if (peers.length === 0 || secret) return;
  throw new Refusal('invalid-argument', '`--peers` needs a secret to sign with', {
    help: 'give every replica the same one in the environment variable FLAGSTAFF_HOOK_SECRET',
  });
}

function gitOf({ source, ref, remote }: ServeCommandOptions): Pick<ServeOptions, 'git'> {
  if (source === 'git') return { git: { ref, ...(remote !== undefined && { remote }) } };
  if (remote === undefined) return {};
  throw new Refusal('invalid-argument', '`--remote` needs `--source git`', {
    help: 'a working tree is served as it stands, and never fetched',
  });
}

/** What git keeps needs no files: a bare repository will do, or a directory of another branch. */
async function rootOf(options: ServeCommandOptions, terminal: Terminal): Promise<string> {
  if (options.source === 'git' && options.dir !== undefined) return resolve(terminal.cwd, options.dir);
  return findRepository(options, terminal);
}

function logFor({ stderr, verbosity }: Terminal) {
  const level = { quiet: 'error', normal: 'info', verbose: 'debug' } as const;
  return logTo((line) => void stderr.write(line), level[verbosity], stderr.isTTY);
}

async function untilInterrupted(end: AbortSignal, running: RunningServer): Promise<void> {
  if (!end.aborted) await new Promise((resolve) => end.addEventListener('abort', resolve, { once: true }));
  await running.close();
}
