import type { WritePlan, WriteRequest, WriteState, Written } from '../../write/writer.js';
import type { Principal } from '../access/principal.js';
import type { Change } from '../writing/change.js';
import type { WritingParts } from '../writing/parts.js';
import { draft } from '../writing/plan.js';
import { isOn, type Kill, nameOf } from './kill.js';
import type { Kills } from './kills.js';
import { type CommitLookup, markOf } from './mark.js';

export interface CommitKillsParts {
  readonly kills: Kills;
  readonly writing: Pick<WritingParts, 'mode' | 'writer' | 'settled' | 'compiler'>;
  readonly isCommitted: CommitLookup;
  /** milliseconds since 1970 */
  readonly now: () => number;
  readonly failed: (kill: Kill, error: unknown) => void;
  readonly done: (kill: Kill, commit: string) => void;
  /** What is served has it out of the repository, so it is over, whatever the repository says since. */
  readonly over: (kill: Kill) => Promise<void>;
}

/** milliseconds; doubled after each failure */
const PAUSE = { first: 1000, longest: 60_000 };

/** After this time another replica may have committed it, and somebody may have turned the flag on again; milliseconds. */
const LATE = 1000;

/** Kills come into the repository as soon as it lets them. */
export interface KillCommitter {
  /** There may be something to do, or it may be possible now. */
  poke(): void;
  /** Another replica has put it on the branch: to do so again could undo what was decided since. */
  leave(kill: Kill): void;
  /** Is it on the branch? While it is being written one waits for what comes of that; a proposal is not on it. */
  isOnBranch(kill: Kill): Promise<boolean>;
  close(): Promise<void>;
}

export function commitKills(parts: CommitKillsParts): KillCommitter {
  const written = new Map<string, { readonly at: number; readonly put?: Put }>();
  let pause = PAUSE.first;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  let again = false;
  let ended = false;
  const isWritten = (kill: Kill) => written.get(nameOf(kill))?.at === kill.at;

  async function round(): Promise<void> {
    const left = parts.kills.all.filter((kill) => !isWritten(kill));
    let failures = 0;
    for (const kill of left) {
      if (!ended && isInForce(kill) && !(await attempt(kill))) failures += 1;
    }
    if (failures === 0) pause = PAUSE.first;
    else if (!ended) soon(pause);
    if (failures > 0) pause = Math.min(2 * pause, PAUSE.longest);
    await endServed();
  }

  /** Those whose commit was not served when it was made, and is by now. */
  async function endServed(): Promise<void> {
    for (const kill of parts.kills.all) {
      const { at, put } = written.get(nameOf(kill)) ?? {};
      if (ended || at !== kill.at || put === undefined) continue;
      const served = await parts.writing.settled(put).catch(() => undefined);
      if (served !== undefined) await parts.over(kill);
    }
  }

  /** It may have been taken back meanwhile. */
  function isInForce({ at, ...kill }: Kill): boolean {
    return parts.kills.find(kill)?.at === at;
  }

  async function attempt(kill: Kill): Promise<boolean> {
    try {
      const { commit, put } = await write(kill, parts);
      written.set(nameOf(kill), { at: kill.at, ...(put && { put }) });
      parts.done(kill, commit);
      return true;
    } catch (error) {
      parts.failed(kill, error);
      return false;
    }
  }

  function poke(): void {
    clearTimeout(timer);
    if (ended) return;
    // A round begins with the kills that there are: one that is made meanwhile is for the next.
    again = running !== undefined;
    running ??= round().finally(() => {
      running = undefined;
      if (again) soon(0);
    });
  }

  /** Never at once: whoever waits for the end of a round, to take a kill back, comes first. */
  function soon(delay: number): void {
    clearTimeout(timer);
    timer = setTimeout(poke, delay).unref();
  }

  return {
    poke,
    leave: (kill) => void written.set(nameOf(kill), { at: kill.at }),
    isOnBranch: async (kill) => {
      await running;
      return parts.writing.mode === 'direct' && isWritten(kill);
    },
    close: async () => {
      ended = true;
      clearTimeout(timer);
      await running;
    },
  };
}

/** A commit that has put a kill on the branch. */
type Put = Pick<Written, 'commit' | 'stayed'>;

/** To write it once more where it has been written before could undo what was decided since. */
async function write(
  kill: Kill,
  { writing, now, isCommitted }: CommitKillsParts,
): Promise<{ readonly commit: string; readonly put?: Put }> {
  const { flag: key, author, reason, at } = kill;
  const plan: WriteRequest['plan'] = async (state) => {
    const { commit } = state;
    const isPast = commit !== undefined && now() - at > LATE && (await isCommitted(kill, commit));
    return isPast ? undefined : planOf(kill, state, writing);
  };
  const request = { plan, author, reason, kill: markOf(kill) };
  if (writing.mode === 'direct') {
    const put = await writing.writer.write({ ...request, at: now() });
    return { commit: put.commit, put };
  }
  // With the time of the kill it is the same commit on all replicas, and after each start: one proposal.
  const { commit, changed } = await writing.writer.propose({ ...request, at }, { stem: key });
  return changed ? { commit } : { commit, put: { commit } };
}

async function planOf(
  { flag: key, environment, at }: Kill,
  state: WriteState,
  { compiler }: Pick<WritingParts, 'compiler'>,
): Promise<WritePlan | undefined> {
  const { snapshot } = await compiler.compile(state.files);
  if (snapshot !== undefined && !isOn({ snapshot }, { flag: key, environment })) return undefined;
  const body = { environments: { [environment]: { enabled: false } } };
  const change: Change = { noun: 'flag', key, act: { kind: 'merge', body }, at: '' };
  const drafted = await draft(state, [change], { compiler, principal: BREAK_GLASS, now: at, urgent: true });
  return drafted.plan;
}

/** Who killed the flag was let do so when it was killed. */
const BREAK_GLASS: Principal = { id: 'kill', name: 'kill', role: 'admin' };
