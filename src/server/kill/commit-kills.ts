import { createHash } from 'node:crypto';
import { Refusal } from '../../diagnostics/refusal.js';
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
  /** Notes what is known of its commit, see `Kill.sent`. */
  readonly note: (kill: Kill, sent: string | undefined) => Promise<void>;
  /** What was written may be served by now. */
  readonly served: () => Promise<void>;
}

/** milliseconds; doubled after each failure */
const PAUSE = { first: 1000, longest: 60_000 };

/** So long nobody begins to commit a kill that somebody wants to take back, in milliseconds: all can be asked and told. */
const HOLD = 10_000;

/** Is a kill on the branch? `unknown`: it was sent there, and nobody knows yet what came of that. */
export type Whereabouts = 'waiting' | 'written' | 'unknown';

/** Kills come into the repository as soon as it lets them. */
export interface KillCommitter {
  /** There may be something to do, or it may be possible now. */
  poke(): void;
  /** While it is being written one waits for what comes of that; from then on it is not written for a while. */
  hold(kill: Kill): Promise<Whereabouts>;
  /** Has this process put it on the branch, or seen that the branch has the flag off? */
  isWritten(kill: Kill): boolean;
  close(): Promise<void>;
}

/** What came of committing a kill. */
type Outcome = 'written' | 'proposed' | 'failed' | 'over';

/** A commit that has put a kill on the branch. */
type Put = Pick<Written, 'commit' | 'stayed'>;

export function commitKills(parts: CommitKillsParts): KillCommitter {
  const { kills, writing } = parts;
  /** What has come of kills, by their marks; of a proposal nothing is on the branch. */
  const written = new Map<string, Put | 'proposed'>();
  const held = new Map<string, NodeJS.Timeout>();
  let attempting: { readonly kill: Kill; readonly end: Promise<Outcome> } | undefined;
  let pause = PAUSE.first;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  let again = false;
  let ended = false;
  const isInForce = ({ at, ...kill }: Kill) => kills.find(kill)?.at === at;

  async function round(): Promise<void> {
    let failures = 0;
    for (const kill of kills.all) {
      if (ended || !isInForce(kill) || written.get(markOf(kill)) === 'proposed') continue;
      if (held.has(markOf(kill)) || (await attempt(kill)) === 'failed') failures += 1;
    }
    if (failures === 0) pause = PAUSE.first;
    else if (!ended) soon(pause);
    if (failures > 0) pause = Math.min(2 * pause, PAUSE.longest);
    await followWritten();
  }

  /** What is served catches up with what was written, if it can. */
  async function followWritten(): Promise<void> {
    for (const kill of kills.all) {
      const put = written.get(markOf(kill));
      if (ended || put === undefined || put === 'proposed') continue;
      if ((await writing.settled(put).catch(() => undefined)) !== undefined) await parts.served();
    }
  }

  /** Also of what is on the branch already: it may have been taken away there. */
  function attempt(kill: Kill): Promise<Outcome> {
    const end = commit(kill).finally(() => {
      attempting = undefined;
    });
    attempting = { kill, end };
    return end;
  }

  async function commit(kill: Kill): Promise<Outcome> {
    try {
      const { commit, put } = await write(kill, parts);
      await parts.note(kill, put?.commit);
      if (!written.has(markOf(kill))) parts.done(kill, commit);
      written.set(markOf(kill), put ?? 'proposed');
      return put === undefined ? 'proposed' : 'written';
    } catch (error) {
      return error instanceof Over ? end(kill) : fail(kill, error);
    }
  }

  async function end(kill: Kill): Promise<Outcome> {
    await parts.note(kill, undefined);
    await kills.drop([kill]);
    return 'over';
  }

  async function fail(kill: Kill, error: unknown): Promise<Outcome> {
    await parts.note(kill, isUnknown(error) ? 'unknown' : kill.sent);
    parts.failed(kill, error);
    return 'failed';
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

  function soon(delay: number): void {
    clearTimeout(timer);
    timer = setTimeout(poke, delay).unref();
  }

  async function hold(kill: Kill): Promise<Whereabouts> {
    const mark = markOf(kill);
    holdBack(mark);
    const isSame = attempting !== undefined && nameOf(attempting.kill) === nameOf(kill);
    const outcome = isSame ? await attempting?.end : undefined;
    const { at, sent } = kills.find(kill) ?? {};
    if (at === kill.at && sent === 'unknown') {
      letGo(mark);
      return 'unknown';
    }
    holdBack(mark);
    return outcome === 'written' || isWritten(kill) || (at === kill.at && sent !== undefined) ? 'written' : 'waiting';
  }

  function holdBack(mark: string): void {
    clearTimeout(held.get(mark));
    held.set(mark, setTimeout(letGo, HOLD, mark).unref());
  }

  function letGo(mark: string): void {
    clearTimeout(held.get(mark));
    held.delete(mark);
    poke();
  }

  function isWritten(kill: Kill): boolean {
    const put = written.get(markOf(kill));
    return put !== undefined && put !== 'proposed';
  }

  return {
    poke,
    hold,
    isWritten,
    close: async () => {
      ended = true;
      clearTimeout(timer);
      for (const hold of held.values()) clearTimeout(hold);
      await running;
    },
  };
}

/** It was taken back, or its time is over. */
class Over extends Error {}

function isUnknown(error: unknown): boolean {
  return error instanceof Refusal && error.code === 'outcome-unknown';
}

/** To write it once more where it has been written before could undo what was decided since. */
async function write(
  kill: Kill,
  { kills, writing, now, isCommitted, note }: CommitKillsParts,
): Promise<{ readonly commit: string; readonly put?: Put }> {
  const { flag: key, author, reason, at } = kill;
  const isDirect = writing.mode === 'direct';
  const plan: WriteRequest['plan'] = async (state) => {
    const { commit } = state;
    if (commit !== undefined && (await isCommitted(kill, commit))) return undefined;
    if (kills.find(kill)?.at !== at || kill.expires <= now()) throw new Over();
    const planned = await planOf(kill, state, writing);
    // From here on it may be on the branch, also when this process dies.
    if (planned !== undefined && isDirect) await note(kill, 'unknown');
    return planned;
  };
  const request = { plan, author, reason, kill: markOf(kill) };
  if (isDirect) {
    const put = await writing.writer.write({ ...request, at: now() });
    return { commit: put.commit, put };
  }
  const id = createHash('sha256').update(markOf(kill)).digest('hex').slice(0, 8);
  const { commit, changed } = await writing.writer.propose({ ...request, at }, { stem: key, id });
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
