import { Refusal } from '../../diagnostics/refusal.js';
import { gitRefusal } from '../../sources/git-refusal.js';
import type { Plumbing, PlumbingAnswer } from './plumbing.js';

const FULL_OR_LOCKED =
  /No space left|Disk quota|File too large|Read-only file system|Permission denied|insufficient permission/i;

const ROOM = 'nothing was changed; make room, or let this server write there';

/** git takes a lock by making a file, and leaves it behind when the machine goes down meanwhile. */
const LOCKED = /Unable to create '(?<file>[^']+\.lock)': File exists/;

/** What kept git from writing into the repository. Nothing was changed. */
export function writingRefusal({ directory }: Plumbing, { complaint }: PlumbingAnswer): Refusal {
  const lock = LOCKED.exec(complaint)?.groups?.file;
  if (lock !== undefined) return lockedRefusal(lock);
  const cause = FULL_OR_LOCKED.exec(complaint)?.[0];
  if (cause === undefined) return gitRefusal(new Error(complaint), directory);
  return new Refusal('unwritable', `cannot write to the git repository \`${directory}\`: ${cause.toLowerCase()}`, {
    help: ROOM,
  });
}

/** What the file system said when a file of git's was read or written, as a refusal. Any other error stays what it is. */
export function fileRefusal(directory: string, error: unknown): unknown {
  if (error instanceof Refusal || !(error instanceof Error && 'code' in error)) return error;
  const { code } = error;
  const message = `cannot write to the git repository \`${directory}\` (${code})`;
  return new Refusal('unwritable', message, { help: ROOM, cause: error });
}

export function lockedRefusal(lock: string): Refusal {
  return new Refusal('contended', `another git works in the repository: there is a lock \`${lock}\``, {
    help: 'nothing was changed; try again, and when no git is running there, remove the lock',
  });
}

/** Text of a hook: what it says is the help, whole. */
export function rejectedRefusal(who: string, said: string): Refusal {
  const help = said === '' ? `${who} did not say why` : said;
  return new Refusal('rejected', `${who} refused the change; nothing was changed`, { help });
}
