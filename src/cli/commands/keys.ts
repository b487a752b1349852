import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { Refusal } from '../../diagnostics/refusal.js';
import { formatKey, hashKey, isScope, type Role, SCOPES, type StoredKey } from '../../server/access/key.js';
import { changeKeyFile, readKeyFile } from '../../server/access/key-file.js';
import type { GlobalOptions } from '../command.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import { note, type Terminal } from '../terminal.js';

export interface KeysOptions extends GlobalOptions {
  /** The key file. */
  readonly keys: string;
}

export interface KeysAddOptions extends KeysOptions {
  readonly role: Role;
  readonly env?: string;
  readonly name?: string;
  readonly tag?: readonly string[];
  readonly scope?: readonly string[];
  /** Environments. */
  readonly only?: readonly string[];
}

export interface KeysListOptions extends KeysOptions {
  readonly format: 'text' | 'json';
}

export interface KeysRevokeOptions extends KeysOptions {
  readonly id: string;
}

/** The key itself is shown this once and stored nowhere. */
export async function runKeysAdd(options: KeysAddOptions, terminal: Terminal): Promise<ExitCode> {
  const { id, text } = formatKey(randomBytes(5), randomBytes(32));
  const stored: StoredKey = { id, ...grantOf(options), sha256: hashKey(text), created_at: timeText(terminal.now()) };
  await changeKeyFile(resolve(terminal.cwd, options.keys), (keys) => [...keys, stored]);
  await note(terminal, `note: this is the only time that the key is shown; ${options.keys} holds its hash`);
  await terminal.stdout.write(`${text}\n`);
  return EXIT.ok;
}

type Grant = Pick<StoredKey, 'name' | 'role' | 'environment' | 'tags' | 'scopes' | 'environments'>;

function grantOf({ role, env, name, tag, scope, only }: KeysAddOptions): Grant {
  if (env === undefined && role !== 'admin') {
    throw new Refusal('invalid-argument', `a ${role} key needs an environment`, { help: 'add `--env ENV`' });
  }
  if (tag !== undefined && role !== 'client') {
    throw new Refusal('invalid-argument', '`--tag` narrows what a client key sees; other keys see all flags');
  }
  if ((scope !== undefined || only !== undefined) && role !== 'admin') {
    throw new Refusal(
      'invalid-argument',
      '`--scope` and `--only` narrow what an admin key writes; others write nothing',
    );
  }
  return {
    name: name ?? [role, env].filter((word) => word !== undefined).join(' '),
    role,
    ...(env === undefined ? {} : { environment: env }),
    ...(tag === undefined ? {} : { tags: tag }),
    ...(scope === undefined ? {} : { scopes: scope.map(scopeIn) }),
    ...(only === undefined ? {} : { environments: only }),
  };
}

function scopeIn(text: string): (typeof SCOPES)[number] {
  if (isScope(text)) return text;
  throw new Refusal('invalid-argument', `there is no scope \`${text}\``, { help: `there are ${SCOPES.join(', ')}` });
}

export async function runKeysList(
  { keys: file, format }: KeysListOptions,
  { cwd, stdout }: Terminal,
): Promise<ExitCode> {
  const keys = (await readKeyFile(resolve(cwd, file))).map(({ sha256, ...shown }) => shown);
  if (format === 'json') await stdout.write(`${JSON.stringify(keys, null, 2)}\n`);
  else await stdout.write(keys.map(lineOf).join(''));
  return EXIT.ok;
}

function lineOf({
  id,
  role,
  environment = 'all environments',
  name,
  tags = [],
  scopes = [],
  environments = [],
  created_at,
}: Omit<StoredKey, 'sha256'>): string {
  return `${[id, role.padEnd(6), environment, created_at, name, ...tags.map((tag) => `#${tag}`), ...scopes, ...environments.map((one) => `only ${one}`)].join('  ')}\n`;
}

export async function runKeysRevoke({ keys: shown, id }: KeysRevokeOptions, terminal: Terminal): Promise<ExitCode> {
  const file = resolve(terminal.cwd, shown);
  await readKeyFile(file);
  await changeKeyFile(file, (keys) => {
    if (keys.some((key) => key.id === id)) return keys.filter((key) => key.id !== id);
    throw new Refusal('not-found', `there is no key \`${id}\` in \`${shown}\``, {
      help: '`flagstaff keys list` shows their ids',
    });
  });
  await note(terminal, `revoked ${id}; a running server takes notice within a second or two`);
  return EXIT.ok;
}

function timeText(time: number): string {
  return new Date(time).toISOString().replace(/\.\d+Z$/, 'Z');
}
