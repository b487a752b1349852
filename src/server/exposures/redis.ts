import { createClient } from '@redis/client';
import { Tally, type TallyData } from '../../experiment/tally.js';
import { SAMPLE_SIZE, SEVERAL } from '../../experiment/user-sample.js';
import type { ExperimentWindow } from '../../experiment/window.js';
import { TAKE } from './redis-script.js';
import type { Counts, ExposureStore } from './store.js';

export interface RedisOptions {
  /** `redis://[user:password@]host:port[/database]`, or `rediss://` with TLS */
  readonly url: string;
  /** Before every key; several servers of the same flags share it. */
  readonly prefix?: string;
  /** Told when it goes away and comes back. */
  readonly warn: (message: string) => void;
}

const PREFIX = 'flagstaff:';

/** seconds */
const IDS_REMEMBERED = 900;

/** milliseconds */
const PATIENCE = 2000;

/** Counts in Redis, which several servers share. While it is away nothing is acknowledged: senders keep what they have. */
export class RedisStore implements ExposureStore {
  readonly #client: Client;
  readonly #prefix: string;
  #problem: string | undefined = 'not connected yet';

  private constructor(client: Client, { prefix = PREFIX, warn }: RedisOptions) {
    this.#client = client;
    this.#prefix = prefix;
    client.on('error', (error: Error) => {
      const news = this.#problem === undefined;
      this.#problem = error.message === '' ? error.name : error.message;
      if (news) warn(`exposures cannot be kept: Redis is away (${this.#problem})`);
    });
    client.on('ready', () => {
      this.#problem = undefined;
    });
  }

  /** Does not wait until it is there: a server starts without it. */
  static open(options: RedisOptions): RedisStore {
    const client = clientOf(options.url);
    const store = new RedisStore(client, options);
    client.connect().catch(() => undefined);
    return store;
  }

  async add({ id, tallies }: Counts): Promise<boolean> {
    const windows = JSON.stringify(tallies.map(asArgument));
    const args = [id, String(IDS_REMEMBERED), String(SAMPLE_SIZE), windows];
    return (await this.#client.eval(TAKE, { keys: [this.#prefix], arguments: args })) === 1;
  }

  async tallies(flag: string, environment: string): Promise<readonly Tally[]> {
    const keys = await this.#client.sMembers(`${this.#prefix}windows:${flag} ${environment}`);
    return Promise.all(keys.map((key) => this.#tally({ flag, environment }, `${this.#prefix}window:${key}`)));
  }

  status(): object {
    const connected = this.#problem === undefined;
    return { kind: 'redis', connected, ...(!connected && { error: this.#problem }) };
  }

  async close(): Promise<void> {
    if (this.#client.isReady) await this.#client.close().catch(() => undefined);
    else this.#client.destroy();
  }

  async #tally(name: { readonly flag: string; readonly environment: string }, key: string): Promise<Tally> {
    const [data, hours, others, met, limit] = await Promise.all([
      this.#client.get(key),
      this.#client.hGetAll(`${key}:hours`),
      this.#client.hGetAll(`${key}:others`),
      this.#client.hGetAll(`${key}:met`),
      this.#client.get(`${key}:limit`),
    ]);
    const window = JSON.parse(data ?? '{}') as ExperimentWindow;
    const counts = Object.entries(others).map(([reason, count]) => [reason, Number(count)] as const);
    const tally = new Tally({ ...name, window });
    tally.absorb({ ...name, window, hours: hoursOf(hours), users: sampleOf(met, limit), others: counts });
    return tally;
  }
}

type Client = ReturnType<typeof clientOf>;

function clientOf(url: string) {
  const socket = { connectTimeout: PATIENCE, reconnectStrategy: (tries: number) => Math.min(50 * 2 ** tries, 3000) };
  return createClient({ url, socket, disableOfflineQueue: true });
}

/** As the script has it. */
function asArgument({ flag, environment, window, hours, users, others }: TallyData): object {
  return {
    group: `${flag} ${environment}`,
    key: `${flag} ${environment} ${window.id}`,
    data: JSON.stringify(window),
    hours: hours.flatMap(([hour, counts]) => counts.map(([variant, count]) => [`${hour} ${variant}`, count])),
    others,
    users: usersOf(users),
  };
}

function usersOf({ variants, users }: TallyData['users']): [hash: string, variant: string][] {
  const pairs: [string, string][] = [];
  for (let at = 0; at + 1 < users.length; at += 2)
    pairs.push([String(users[at]), variants[users[at + 1] ?? -1] ?? '*']);
  return pairs;
}

function hoursOf(counts: Readonly<Record<string, string>>): TallyData['hours'] {
  const hours = new Map<number, [string, number][]>();
  for (const [field, count] of Object.entries(counts)) {
    const [hour = '', variant = ''] = field.split(' ');
    const found = hours.get(Number(hour)) ?? [];
    hours.set(Number(hour), found);
    found.push([variant, Number(count)]);
  }
  return [...hours];
}

function sampleOf(met: Readonly<Record<string, string>>, limit: string | null): TallyData['users'] {
  const variants = [...new Set(Object.values(met))].filter((variant) => variant !== '*');
  const users = Object.entries(met).flatMap(([hash, variant]) => {
    const number = variants.indexOf(variant);
    return [Number(hash), number === -1 ? SEVERAL : number];
  });
  return { limit: limit === null ? 2 ** 53 : Number(limit), variants, users };
}
