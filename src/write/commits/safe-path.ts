import { Refusal } from '../../diagnostics/refusal.js';
import { kindOf } from '../../project/kind.js';

/** What Windows and macOS cannot have in the name of a file, or read as something else. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}<>:"|?*\\]|[. ]$/u;

/** Names of devices on Windows, whatever follows the first dot. */
const DEVICES = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;

/** bytes; what file systems allow */
const LONGEST_NAME = 255;
const LONGEST_PATH = 1024;

/**
 * A write reaches the files of the flag repository and nothing else: no path leads out of it, into a folder that is
 * not read, or to a name that a colleague's file system cannot have.
 *
 * @throws Refusal
 */
export function refuseOddPath(path: string): void {
  const names = path.split('/');
  const isOdd = Buffer.byteLength(path) > LONGEST_PATH || names.some(isOddName);
  const isHidden = names.slice(0, -1).some((name) => name.startsWith('.') || name === 'node_modules');
  if (isOdd || isHidden || kindOf(path) === undefined) throw odd(path);
}

function isOddName(name: string): boolean {
  return name === '' || Buffer.byteLength(name) > LONGEST_NAME || UNSAFE.test(name) || DEVICES.test(name);
}

function odd(path: string): Refusal {
  const shown = path.length > 80 ? `${path.slice(0, 79)}…` : path;
  const message = `\`${shown.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, '?')}\` cannot be a file of the flag repository`;
  return new Refusal('invalid-argument', message, {
    help: 'choose a key, and a folder, of letters, digits, `-`, `_` and `.`, short, and not a name that Windows reserves',
  });
}
