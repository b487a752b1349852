import { type ChildProcess, spawn } from 'node:child_process';
import { platform } from 'node:os';

/** Windows knows no groups of this kind. */
const HAS_GROUPS = platform() !== 'win32';

/** Started so, a program and whatever it starts can be ended together by `endGroup`. */
export const OWN_GROUP = { detached: HAS_GROUPS, windowsHide: true } as const;

/** Asks to end, so that git takes its locks away; what does not listen is ended two seconds later. */
const END = 'kill -s TERM -- "-$1"; sleep 2; kill -s KILL -- "-$1"';

/** Ends a program that was started in its own group, and whatever it has started (git starts ssh, say). */
export function endGroup(leader: ChildProcess): void {
  if (!HAS_GROUPS || leader.pid === undefined) leader.kill();
  else {
    const ending = spawn('sh', ['-c', END, 'sh', String(leader.pid)], { stdio: 'ignore', detached: true });
    ending.on('error', () => leader.kill());
    ending.unref();
  }
}
