import { Refusal } from '../diagnostics/refusal.js';
import { printable } from '../report/printable.js';
import type { Environment } from './terminal.js';

/** milliseconds */
const PATIENCE = 10_000;

/**
 * Asks a Flagstaff server, with the key that stands in FLAGSTAFF_KEY.
 *
 * @param path begins with `/`
 * @param help what to do when there is nobody
 * @returns the body
 * @throws Refusal when the server cannot be reached, or says no
 */
export async function askServer(url: string, path: string, { FLAGSTAFF_KEY: key }: Environment, help: string) {
  const headers = key === undefined ? {} : { authorization: `Bearer ${key}` };
  const options = { headers, signal: AbortSignal.timeout(PATIENCE) };
  const response = await fetch(`${url.replace(/\/+$/, '')}${path}`, options).catch((cause) => {
    throw unreachable(url, help, cause);
  });
  const body = await response.text().catch((cause) => {
    throw unreachable(url, help, cause);
  });
  if (!response.ok) throw refused(url, response.status, body);
  return body;
}

/** Somebody else answers there. */
export function notOurs(url: string): Refusal {
  return new Refusal('unavailable', `\`${url}\` is no Flagstaff server`);
}

/** JSON, or `undefined` where it is none. */
export function parsedOrNot(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function unreachable(url: string, help: string, cause: unknown): Refusal {
  return new Refusal('unavailable', `cannot reach a server at \`${url}\``, { help, cause });
}

/** The server's own words, which say what to do. */
function refused(url: string, status: number, body: string): Refusal {
  const { detail, help } = (parsedOrNot(body) ?? {}) as { readonly detail?: unknown; readonly help?: unknown };
  const hint =
    words(help) ?? (status === 401 ? 'put a `server` key into the environment variable FLAGSTAFF_KEY' : undefined);
  const message = words(detail) ?? `\`${url}\` answered ${status}`;
  return new Refusal('unavailable', message, hint === undefined ? {} : { help: hint });
}

/** Whatever answers there must not write to the terminal what it likes. */
function words(text: unknown): string | undefined {
  return typeof text === 'string' ? printable(text) : undefined;
}
