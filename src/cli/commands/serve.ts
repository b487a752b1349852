import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { createSecureContext } from 'node:tls';
import { Refusal } from '../../diagnostics/refusal.js';
import { openKeyRing } from '../../server/access/key-ring.js';
import { logTo } from '../../server/log.js';
import type { Parts } from '../../server/parts.js';
import { type RunningServer, type ServeOptions, startServer } from '../../server/start.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import { findRepository, shownPath } from '../repository.js';
import { configure, type GivenOptions } from '../serve/configuration.js';
import { hints } from '../serve/hints.js';
import { configurationJson, configurationText } from '../serve/print.js';
import type { Configuration } from '../serve/settings.js';
import { tokensOf } from '../serve/tokens.js';
import { type Environment, note, type Terminal } from '../terminal.js';

export interface ServeCommandOptions extends GivenOptions {
  readonly printConfig?: boolean;
  readonly format: 'text' | 'json';
}

/** Serves until interrupted, or says what it would do. */
export async function runServe(options: ServeCommandOptions, terminal: Terminal): Promise<ExitCode> {
  const configured = await configure(options, terminal);
  for (const one of configured.notes) await note(terminal, one);
  if (options.printConfig !== true) return serve(configured.configuration, terminal);
  const print = options.format === 'json' ? configurationJson : configurationText;
  await terminal.stdout.write(print(configured, terminal.cwd));
  return EXIT.ok;
}

async function serve(configuration: Configuration, terminal: Terminal): Promise<ExitCode> {
  const end = terminal.interruption();
  const log = logFor(terminal);
  const failed = (error: Error) => log.error(`the keys stay as they are: ${error.message}`);
  const { keys } = configuration;
  const opened = keys === undefined ? undefined : await openKeyRing(resolve(terminal.cwd, keys), { failed });
  try {
    const tokens = await tokensOf(configuration, terminal);
    const keyRing = opened ?? (tokens && NO_KEYS);
    const options = await serveOptions(configuration, terminal);
    const server = { ...options.server, ...(keyRing && { keyRing }), ...(tokens && { tokens }) };
    const history = randomBytes(6).toString('hex');
    const edges = { now: terminal.now, history, random: Math.random, log, environment: withoutOwn(terminal.env) };
    const running = await startServer({ ...options, server }, edges);
    terminal.onHangup(() => void running.reload());
    await terminal.stdout.write(`listening on ${running.url}\n`);
    await sayWhatToTry(running, configuration, { root: options.root, terminal });
    await untilInterrupted(end, running);
  } finally {
    opened?.close();
  }
  return EXIT.ok;
}

/** Where admins come with tokens alone. */
const NO_KEYS = { keys: new Map() };

/** With keys or a certificate it takes more than a line to ask, and whoever runs such a server knows how. */
async function sayWhatToTry(
  { url, served }: RunningServer,
  { hints: wanted, keys, jwtIssuer, tlsCert, env }: Configuration,
  { root, terminal }: { readonly root: string; readonly terminal: Terminal },
): Promise<void> {
  const isUseful = keys === undefined && jwtIssuer === undefined && tlsCert === undefined && served !== undefined;
  if (!isUseful || !(wanted ?? terminal.stderr.isTTY)) return;
  const shown = shownPath(terminal, { root, files: [] });
  await note(terminal, hints({ url, served, environment: env, shown }));
}

async function serveOptions(configuration: Configuration, terminal: Terminal): Promise<ServeOptions> {
  const { host, port, poll, fetchTimeout, maxStreams, keepalive, allowRewind, peers, hookSecret } = configuration;
  const {
    env,
    corsOrigin,
    rateLimit,
    trustProxy,
    snapshotCache: file,
    dataDir,
    redis,
    writeMode,
    signingKey,
  } = configuration;
  refusePeersUnsigned(configuration);
  return {
    root: await rootOf(configuration, terminal),
    host,
    port,
    poll,
    fetchTimeout,
    allowRewind,
    maxStreams,
    keepalive,
    peers,
    ...gitOf(configuration),
    ...(file !== undefined && { snapshotCache: resolve(terminal.cwd, file) }),
    ...(dataDir !== undefined && { dataDir: resolve(terminal.cwd, dataDir) }),
    ...(redis !== undefined && { redis }),
    ...(hookSecret !== undefined && { hookSecret }),
    ...(writeMode !== 'off' && {
      writing: { mode: writeMode, ...(signingKey !== undefined && { signingKey: resolve(terminal.cwd, signingKey) }) },
    }),
    server: {
      ...(env !== undefined && { environment: env }),
      corsOrigins: corsOrigin,
      ...(await tlsOf(configuration, terminal)),
      limits: { requestsPerMinute: rateLimit },
      trustProxy,
    },
  };
}

async function tlsOf({ tlsCert, tlsKey }: Configuration, { cwd }: Terminal): Promise<Pick<Parts, 'tls'>> {
  if (tlsCert === undefined && tlsKey === undefined) return {};
  if (tlsCert === undefined || tlsKey === undefined) {
    throw new Refusal('invalid-argument', '`--tls-cert` and `--tls-key` need each other');
  }
  const [cert, key] = await Promise.all([readPem(resolve(cwd, tlsCert)), readPem(resolve(cwd, tlsKey))]);
  try {
    createSecureContext({ cert, key });
  } catch (cause) {
    throw new Refusal('invalid-argument', `\`${tlsCert}\` and \`${tlsKey}\` are no certificate and its key`, {
      help: 'both are PEM: `-----BEGIN CERTIFICATE-----` and `-----BEGIN PRIVATE KEY-----`, without a passphrase',
      cause,
    });
  }
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

function refusePeersUnsigned({ peers, hookSecret }: Configuration): void {
  if (peers.length === 0 || hookSecret !== undefined) return;
  throw new Refusal('invalid-argument', '`--peers` needs a secret to sign with', {
    help: 'give every replica the same one in the environment variable FLAGSTAFF_HOOK_SECRET',
  });
}

function gitOf({ source, ref, remote }: Configuration): Pick<ServeOptions, 'git'> {
  if (source === 'git') return { git: { ref, ...(remote !== undefined && { remote }) } };
  if (remote === undefined) return {};
  throw new Refusal('invalid-argument', '`--remote` needs `--source git`', {
    help: 'a working tree is served as it stands, and never fetched',
  });
}

/** What git keeps needs no files: a bare repository will do, or a directory of another branch. */
async function rootOf({ source, dir }: Configuration, terminal: Terminal): Promise<string> {
  if (source === 'git' && dir !== undefined) return resolve(terminal.cwd, dir);
  return findRepository(dir === undefined ? {} : { dir }, terminal);
}

/** Secrets of the server are none of git's, nor of what git starts. */
function withoutOwn(env: Environment): Environment {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('FLAGSTAFF_')));
}

function logFor({ stderr, verbosity }: Terminal) {
  const level = { quiet: 'error', normal: 'info', verbose: 'debug' } as const;
  return logTo((line) => void stderr.write(line), level[verbosity], stderr.isTTY);
}

async function untilInterrupted(end: AbortSignal, running: RunningServer): Promise<void> {
  if (!end.aborted) await new Promise((resolve) => end.addEventListener('abort', resolve, { once: true }));
  await running.close();
}
