import type { TallyCounts, TallyData, TallyName } from '../../experiment/tally.js';
import { SAMPLE_SIZE, type SampledUsers } from '../../experiment/user-sample.js';
import type { ExperimentWindow } from '../../experiment/window.js';
import { type RedisClient, RedisLink } from './redis-link.js';
import { TAKE } from './redis-script.js';
import { type Counts, type ExposureStore, forgotten, KEPT } from './store.js';

export interface RedisOptions {
  /** `redis://[user:password@]host:port[/database]`, or `rediss://` with TLS */
  readonly url: string;
  /** Before every key; several servers of the same flags share it. */
  readonly prefix?: string;
  /** Told when it goes away, and of what is forgotten. */
  readonly warn: (message: string) => void;
}

const PREFIX = 'flagstaff:';

/** seconds */
const IDS_REMEMBERED = 900;

/** The newest tracked events; older ones make room. */
const EVENTS_KEPT = 1_000_000;

/** Hashes have 53 bits. */
const HASHES = 2 ** 53;

/** Counts in Redis, which several servers share. While it is away nothing is acknowledged: senders keep what they have. */
export class RedisStore implements ExposureStore {
  readonly #link: RedisLink;
  readonly #prefix: string;
  readonly #warn: RedisOptions['warn'];

  private constructor({ url, prefix = PREFIX, warn }: RedisOptions) {
    this.#link = new RedisLink(url, warn);
    this.#prefix = prefix;
    this.#warn = warn;
  }

  /** Does not wait until it is there: a server starts without it. */
  static open(options: RedisOptions): RedisStore {
    return new RedisStore(options);
  }

  async add({ id, tallies, events }: Counts): Promise<boolean> {
    const windows = JSON.stringify(tallies.map(asArgument));
    const sizes = [String(IDS_REMEMBERED), String(SAMPLE_SIZE)];
    const limits = [String(EVENTS_KEPT), String(KEPT / 1000)];
    const args = [id, ...sizes, windows, ...limits, ...events.map((event) => JSON.stringify(event))];
    const answer = await this.#link.change((client) => client.eval(TAKE, { keys: [this.#prefix], arguments: args }));
    const [taken, ...over] = answer as [number, ...string[]];
    for (const key of over) this.#warn(forgotten(...(key.split(' ') as [string, string])));
    return taken === 1;
  }

  read(flag: string, environment: string, window?: string): Promise<readonly TallyCounts[]> {
    return this.#link.ask(async (client) => {
      const all = await client.sMembers(`${this.#prefix}windows:${flag} ${environment}`);
      const keys = window === undefined ? all : all.filter((key) => key === `${flag} ${environment} ${window}`);
      const found = keys.map((key) => readWindow(client, { flag, environment }, `${this.#prefix}window:${key}`));
      return (await Promise.all(found)).flatMap((counts) => counts ?? []);
    });
  }

  status(): object {
    const { problem, isConnected } = this.#link;
    return { kind: 'redis', connected: isConnected, ...(problem !== undefined && { error: problem }) };
  }

  close(): Promise<void> {
    return this.#link.close();
  }
}

/** @returns nothing when somebody has taken it away meanwhile */
async function readWindow(
  client: RedisClient,
  name: Omit<TallyName, 'window'>,
  key: string,
): Promise<TallyCounts | undefined> {
  const [data, hours, others, only, limit] = await Promise.all([
    client.get(key),
    client.hGetAll(`${key}:hours`),
    client.hGetAll(`${key}:others`),
    client.hGetAll(`${key}:only`),
    client.get(`${key}:limit`),
  ]);
  if (data === null) return undefined;
  const window = JSON.parse(data) as ExperimentWindow;
  return { name: { ...name, window }, hours: hoursOf(hours), others: numbers(others), users: usersOf(only, limit) };
}

/** As the script has it. */
function asArgument({ flag, environment, window, hours, users, others }: TallyData): object {
  return {
    group: `${flag} ${environment}`,
    key: `${flag} ${environment} ${window.id}`,
    data: JSON.stringify(window),
    hours: hours.flatMap(([hour, counts]) => counts.map(([variant, count]) => [`${hour} ${variant}`, count])),
    others,
    users: pairsOf(users),
  };
}

function pairsOf({ variants, users }: TallyData['users']): [hash: string, variant: string][] {
  const pairs: [string, string][] = [];
  for (let at = 0; at + 1 < users.length; at += 2)
    pairs.push([String(users[at]), variants[users[at + 1] ?? -1] ?? '*']);
  return pairs;
}

function hoursOf(counts: Readonly<Record<string, string>>): TallyCounts['hours'] {
  const hours = new Map<number, Map<string, number>>();
  for (const [field, count] of Object.entries(counts)) {
    const [hour = '', variant = ''] = field.split(' ');
    const found = hours.get(Number(hour)) ?? new Map<string, number>();
    hours.set(Number(hour), found);
    found.set(variant, Number(count));
  }
  return hours;
}

function numbers(counts: Readonly<Record<string, string>>): Map<string, number> {
  return new Map(Object.entries(counts).map(([name, count]) => [name, Number(count)]));
}

function usersOf(counts: Readonly<Record<string, string>>, limit: string | null): SampledUsers {
  const only = numbers(counts);
  const several = only.get('*') ?? 0;
  only.delete('*');
  return { only, several, weight: HASHES / (limit === null ? HASHES : Number(limit)) };
}
