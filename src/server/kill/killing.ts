import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import type { Author } from '../../write/writer.js';
import type { DataDirectory } from '../data-directory.js';
import type { Gauge } from '../gauge.js';
import { Problem, problems } from '../problem.js';
import { type Peers, tellPeers } from '../refresh/peers.js';
import type { Served } from '../served.js';
import type { Store } from '../store.js';
import type { KillSwitch, WritingParts } from '../writing/parts.js';
import { commitKills, type KillCommitter, type Whereabouts } from './commit-kills.js';
import { type Kill, nameOf } from './kill.js';
import { openKillFile } from './kill-file.js';
import { isOff, Kills } from './kills.js';
import type { CommitLookup } from './mark.js';
import { FRESH, type KillMessage } from './message.js';
import { addKillHook, shownKill } from './routes.js';

export interface KillingParts {
  readonly store: Store;
  /** Where kills outlive the process. */
  readonly data?: DataDirectory | undefined;
  readonly peers?: Peers;
  /** Fetches, and looks for a newer state. */
  readonly reload: () => Promise<unknown>;
  readonly isCommitted: CommitLookup;
  /** milliseconds since 1970 */
  readonly now: () => number;
  readonly log: FastifyBaseLogger;
}

/** So long a replica waits for what comes of its own commit, before it says that it does not know; milliseconds. */
const BUSY = 3000;

/** The longest time until something is told once more that somebody did not hear, in milliseconds. */
const LONGEST_PAUSE = 10_000;

/** Turning flags off in an emergency, from the request to the repository. */
export class Killing implements KillSwitch {
  readonly #parts: KillingParts;
  readonly kills: Kills;
  #committer: KillCommitter | undefined;
  #closed = false;

  /** Those of before are in force at once. @throws Refusal when nothing can be kept in the directory */
  static async open(parts: KillingParts): Promise<Killing> {
    const { data, log } = parts;
    const damaged = (file: string) => log.error(`the kills of before are lost: what was left of them is in ${file}`);
    return new Killing(parts, data && (await openKillFile(data, damaged)));
  }

  private constructor(parts: KillingParts, file: Awaited<ReturnType<typeof openKillFile>> | undefined) {
    const { store, now, log } = parts;
    this.#parts = parts;
    this.kills = new Kills({
      ...(file !== undefined && { kept: file.kept, keeper: file }),
      now,
      changed: () => store.renew(),
      failed: (error) => log.error(`a kill will not survive a restart: ${error.message}`),
    });
    store.subscribe(() => {
      if (this.kills.all.length > 0) setImmediate(() => void this.#review());
    });
  }

  /** From now on kills come into the repository. */
  commitWith(writing: Pick<WritingParts, 'mode' | 'writer' | 'settled' | 'compiler'>): void {
    const { now, log, isCommitted } = this.#parts;
    this.#committer = commitKills({
      kills: this.kills,
      writing,
      isCommitted,
      now,
      failed: (kill, error) => log.warn(`the kill of ${nameOf(kill)} is not in the repository yet: ${said(error)}`),
      done: (kill, commit) => log.info(`the kill of ${nameOf(kill)} is in the repository: ${commit.slice(0, 12)}`),
      note: (kill, sent) => this.#note(kill, sent),
      served: () => this.#endServed(),
    });
    this.#committer.poke();
  }

  /** In force when this is called, and told to everybody after. */
  async kill(wish: Kill): Promise<{ readonly kill: Kill; readonly kept: boolean }> {
    const { now, log } = this.#parts;
    const kill = this.kills.asNews(wish);
    const kept = await this.kills.add(kill);
    log.warn(`${nameOf(kill)} is killed by ${kill.author.name}: ${kill.reason}`);
    void this.#spread({ killed: kill }, () => this.kills.find(kill)?.at === kill.at && now() - kill.at < FRESH);
    this.#committer?.poke();
    return { kill, kept: kept === true };
  }

  /**
   * What is on the branch is not taken back: there it is changed as always. A replica may be putting it there just now,
   * so all are asked before one drops it.
   */
  async undo(which: Pick<Kill, 'flag' | 'environment'>, by: Author): Promise<Kill | undefined> {
    const kill = this.kills.find(which);
    if (kill === undefined || !(await this.#mayGo(kill))) return undefined;
    const [undone] = await this.kills.drop([kill]);
    if (undone === undefined) return undefined;
    this.#parts.log.warn(`the kill of ${nameOf(kill)} is taken back by ${by.name}`);
    const answers = await this.#spread({ undone }, () => this.#parts.now() < kill.expires);
    return answers.includes(problems.too_late.status) ? undefined : undone;
  }

  /** While this is asked, nobody begins to commit it. @throws Problem when that may have happened */
  async #mayGo(kill: Kill): Promise<boolean> {
    const here = await this.#hold(kill);
    const answers = here === 'waiting' ? await this.#tell({ undoing: kill }) : [];
    if (here === 'written' || answers.includes(problems.too_late.status)) return false;
    if (here === 'unknown' || answers.includes(problems.outcome_unknown.status)) throw unknownYet();
    return true;
  }

  async #hold(kill: Kill): Promise<Whereabouts> {
    const here = (await this.#committer?.hold(kill)) ?? 'waiting';
    return here === 'waiting' && (await this.#isServed(kill, this.#parts.store.base)) ? 'written' : here;
  }

  /** What other replicas say. */
  addHook(app: FastifyInstance, secret: string): void {
    addKillHook(app, {
      secret,
      now: this.#parts.now,
      heard: (message) => this.#hear(message),
    });
  }

  async #hear(message: KillMessage): Promise<void> {
    if ('undoing' in message) await this.#mayGoHere(message.undoing);
    else if ('undone' in message) await this.#undoHere(message.undone);
    else if ('lifted' in message) await this.#liftedElsewhere(message.lifted);
    else {
      await this.kills.add(message.killed);
      void this.#review();
    }
  }

  /** Whoever asks is not kept waiting. @throws Problem when this replica has committed it, or may have */
  async #mayGoHere(kill: Kill): Promise<void> {
    refuseSent(await Promise.race([this.#hold(kill), sleep(BUSY, 'unknown' as const, { ref: false })]));
  }

  /** @throws Problem when this replica has committed it, or may have */
  async #undoHere(kill: Kill): Promise<void> {
    refuseSent(await this.#hold(kill));
    await this.kills.drop([kill]);
  }

  async #liftedElsewhere(kill: Kill): Promise<void> {
    if (kill.sent !== undefined && this.kills.find(kill)?.at === kill.at) await this.#note(kill, kill.sent);
    await this.#parts.reload();
    await this.#endServed();
  }

  /** A working tree may differ from every commit: there it is no commit that ends a kill. */
  async #note(kill: Kill, sent: string | undefined): Promise<void> {
    const isTree = this.#parts.store.base?.origin === 'worktree';
    await this.kills.mark(kill, isTree && sent !== 'unknown' ? undefined : sent);
  }

  status(): readonly object[] {
    return this.kills.all.map(shownKill);
  }

  gauges(): Gauge[] {
    return [
      { name: 'flagstaff_kills', help: 'Flags that are off by a kill.', type: 'gauge', value: this.kills.all.length },
      { name: 'flagstaff_kills_total', help: 'Kills since the start.', type: 'counter', value: this.kills.total },
    ];
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.kills.close();
    await this.#committer?.close();
  }

  /** What the repository says by now needs no kill; and what it did not take may be possible now. */
  async #review(): Promise<void> {
    await this.#endServed();
    this.#committer?.poke();
  }

  /** Ends what is served without its kill: only a state at or after the one that has the flag off takes its place. */
  async #endServed(): Promise<void> {
    const { base } = this.#parts.store;
    if (base === undefined) return;
    const ended = [...(await this.kills.review(base))];
    for (const kill of this.kills.all) {
      if (await this.#isServed(kill, base)) ended.push(...(await this.kills.drop([kill])));
    }
    const sent = base.origin === 'git' ? { sent: base.revision.version } : {};
    for (const { sent: _, ...kill } of ended) void this.#tell({ lifted: { ...kill, ...sent } });
  }

  async #isServed(kill: Kill, base: Served | undefined): Promise<boolean> {
    if (base === undefined) return false;
    if (base.origin === 'worktree') return this.#committer?.isWritten(kill) === true && isOff(base, kill);
    return this.#parts.isCommitted(kill, base.revision.version).catch(() => false);
  }

  /** Tells it again to all, as long as it is news, until everybody has heard it. @returns what they say at first */
  async #spread(message: KillMessage, isNews: () => boolean, pause = 1000): Promise<readonly number[]> {
    const answers = await this.#tell(message);
    const isHeard = answers.filter(isFinal).length >= (this.#parts.peers?.urls.length ?? 0);
    const again = () => isNews() && void this.#spread(message, isNews, Math.min(2 * pause, LONGEST_PAUSE));
    if (!isHeard && !this.#closed) setTimeout(again, pause).unref();
    return answers;
  }

  async #tell(message: KillMessage): Promise<readonly number[]> {
    const { peers, log } = this.#parts;
    if (peers === undefined) return [];
    return tellPeers(peers, { path: '/hooks/kill', message }, (error) => log.warn(error.message));
  }
}

/** One that is busy, or has trouble of its own, has not done what it was told. */
function isFinal(status: number): boolean {
  return status < 500 && status !== problems.rate_limited.status;
}

/** @throws Problem */
function refuseSent(here: Whereabouts): void {
  if (here === 'unknown') throw unknownYet();
  if (here === 'written') throw new Problem('too_late', 'the kill is in the repository');
}

function unknownYet(): Problem {
  return new Problem('outcome_unknown', 'the kill may be in the repository: it stays in force', {
    help: 'ask again in a moment; once it is committed, turn the flag on again with PATCH',
  });
}

function said(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
