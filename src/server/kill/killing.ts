import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import type { Author } from '../../write/writer.js';
import type { DataDirectory } from '../data-directory.js';
import type { Gauge } from '../gauge.js';
import { Problem, problems } from '../problem.js';
import { type Peers, tellPeers } from '../refresh/peers.js';
import type { Store } from '../store.js';
import type { KillSwitch, WritingParts } from '../writing/parts.js';
import { commitKills, type KillCommitter } from './commit-kills.js';
import { type Kill, nameOf } from './kill.js';
import { openKillFile } from './kill-file.js';
import { Kills } from './kills.js';
import type { CommitLookup } from './mark.js';
import type { KillMessage } from './message.js';
import { addKillHook, shownKill } from './routes.js';

export interface KillingParts {
  readonly store: Store;
  /** Where kills outlive the process. */
  readonly data?: DataDirectory | undefined;
  readonly peers?: Peers;
  /** Fetches, and looks for a newer state. @returns whether the newest is served */
  readonly reload: () => Promise<boolean>;
  readonly isCommitted: CommitLookup;
  /** milliseconds since 1970 */
  readonly now: () => number;
  readonly log: FastifyBaseLogger;
}

/** Turning flags off in an emergency, from the request to the repository. */
export class Killing implements KillSwitch {
  readonly #parts: KillingParts;
  readonly kills: Kills;
  /** When those kills were made that another replica has seen in the repository. */
  readonly #lifted = new Map<string, number>();
  #committer: KillCommitter | undefined;

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
      over: async (kill) => this.#tellLifted(await this.kills.drop([kill])),
    });
    this.#committer.poke();
  }

  /** In force when this is called, and told to everybody after. */
  async kill(wish: Kill): Promise<{ readonly kill: Kill; readonly kept: boolean }> {
    const kill = this.kills.asNews(wish);
    const kept = await this.kills.add(kill);
    this.#parts.log.warn(`${nameOf(kill)} is killed by ${kill.author.name}: ${kill.reason}`);
    void this.#tell({ killed: kill });
    this.#committer?.poke();
    return { kill, kept: kept === true };
  }

  /**
   * What is on the branch is not taken back: there it is changed as always. A replica may be putting it there just now,
   * so they are asked before.
   */
  async undo(which: Pick<Kill, 'flag' | 'environment'>, by: Author): Promise<Kill | undefined> {
    const kill = this.kills.find(which);
    if (kill === undefined || (await this.#committer?.isOnBranch(kill))) return undefined;
    const answers = await this.#tell({ undone: kill });
    if (answers.includes(problems.too_late.status) || (await this.#committer?.isOnBranch(kill))) return undefined;
    const [undone] = await this.kills.drop([kill]);
    if (undone !== undefined) this.#parts.log.warn(`the kill of ${nameOf(kill)} is taken back by ${by.name}`);
    return undone;
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
    if ('undone' in message) await this.#undoHere(message.undone);
    else if ('lifted' in message) await this.#liftedElsewhere(message.lifted);
    else {
      await this.kills.add(message.killed);
      this.#committer?.poke();
    }
  }

  /** @throws Problem when this replica has committed it */
  async #undoHere(kill: Kill): Promise<void> {
    if (await this.#committer?.isOnBranch(kill)) throw new Problem('too_late', 'the kill is in the repository');
    await this.kills.drop([kill]);
  }

  async #liftedElsewhere(kill: Kill): Promise<void> {
    this.#committer?.leave(kill);
    this.#lifted.set(nameOf(kill), kill.at);
    await this.#lift(kill);
  }

  /** Only a state that is as new as the one it was told of can take its place: till then the kill stays. */
  async #lift(kill: Kill): Promise<void> {
    if (await this.#parts.reload()) await this.kills.drop([kill]);
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
    this.kills.close();
    await this.#committer?.close();
  }

  /** What the repository says by now needs no kill; and what it did not take may be possible now. */
  async #review(): Promise<void> {
    const { base } = this.#parts.store;
    if (base === undefined) return;
    this.#tellLifted(await this.kills.review(base));
    for (const kill of this.kills.all) if (this.#lifted.get(nameOf(kill)) === kill.at) await this.#lift(kill);
    this.#committer?.poke();
  }

  #tellLifted(kills: readonly Kill[]): void {
    for (const lifted of kills) void this.#tell({ lifted });
  }

  async #tell(message: KillMessage): Promise<readonly number[]> {
    const { peers, log } = this.#parts;
    if (peers === undefined) return [];
    return tellPeers(peers, { path: '/hooks/kill', message }, (error) => log.warn(error.message));
  }
}

function said(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
