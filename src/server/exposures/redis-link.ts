import { createClient, ErrorReply } from '@redis/client';
import { Refusal } from '../../diagnostics/refusal.js';

/** milliseconds that a connection, or an answer, may take */
const PATIENCE = 2000;

export type RedisClient = ReturnType<typeof clientOf>;

/**
 * A connection that comes back by itself. What cannot be asked now is refused at once, and what is not answered in time
 * is given up together with its connection: so nothing piles up behind a Redis that is away, or stands still.
 */
export class RedisLink {
  readonly #url: string;
  readonly #warn: (message: string) => void;
  #client: RedisClient;
  #problem: string | undefined = 'not connected yet';
  #refusal: string | undefined;
  #isTold = false;

  /**
   * Does not wait until it is there: a server starts without it.
   *
   * @throws Refusal when the URL is none; its words are not told, since a password may be among them
   */
  constructor(url: string, warn: (message: string) => void) {
    this.#url = url;
    this.#warn = warn;
    this.#client = this.#connect();
  }

  get isConnected(): boolean {
    return this.#problem === undefined;
  }

  /** Why nothing is kept there now; nothing when something is. */
  get problem(): string | undefined {
    return this.#problem ?? this.#refusal;
  }

  /** @throws Error when there is no answer; whether the command was carried out is then unknown */
  async ask<T>(command: (client: RedisClient) => Promise<T>): Promise<T> {
    const client = this.#client;
    const { late, cancel } = patience(`no answer within ${PATIENCE / 1000} s`);
    try {
      return await Promise.race([command(client), late]);
    } catch (error) {
      if (error instanceof Late) this.#replace(client, error.message);
      throw error;
    } finally {
      cancel();
    }
  }

  /** Asks for a change, which a Redis that answers may refuse: it is a replica now, its disk or its memory is full. */
  async change<T>(command: (client: RedisClient) => Promise<T>): Promise<T> {
    const client = this.#client;
    try {
      const answer = await this.ask(command);
      this.#refusal = undefined;
      this.#isTold = false;
      return answer;
    } catch (error) {
      throw error instanceof ErrorReply ? this.#refused(client, error) : error;
    }
  }

  async close(): Promise<void> {
    const client = this.#client;
    const { late, cancel } = patience('');
    if (client.isReady) await Promise.race([client.close(), late]).catch(() => undefined);
    cancel();
    if (client.isOpen) client.destroy();
  }

  #connect(): RedisClient {
    const client = clientOf(this.#url);
    client.on('error', (error: Error) => {
      if (client === this.#client) this.#away(error.message === '' ? error.name : error.message);
    });
    client.on('ready', () => {
      if (client !== this.#client) return;
      this.#problem = undefined;
      if (this.#refusal === undefined) this.#isTold = false;
    });
    client.connect().catch(() => undefined);
    return client;
  }

  /**
   * After a failover the name may lead elsewhere, while an open connection stays with what is a replica now.
   *
   * @returns what to reject with: where in the script it was is for nobody outside
   */
  #refused(client: RedisClient, cause: ErrorReply): Error {
    const message = cause.message.replace(/ script: .*/s, '');
    this.#refusal = message;
    this.#tell(`Redis refuses them (${message})`);
    if (message.startsWith('READONLY')) this.#replace(client, message);
    return new Error(message, { cause });
  }

  #replace(client: RedisClient, problem: string): void {
    if (client !== this.#client) return;
    this.#client = this.#connect();
    this.#away(problem);
    if (client.isOpen) client.destroy();
  }

  #away(problem: string): void {
    this.#problem = problem;
    this.#tell(`Redis is away (${problem})`);
  }

  /** Once, until it keeps something again. */
  #tell(why: string): void {
    if (this.#isTold) return;
    this.#isTold = true;
    this.#warn(`exposures cannot be kept: ${why}`);
  }
}

class Late extends Error {}

/** What has come while this process itself stood still is read before anybody is late: timers are first otherwise. */
function patience(message: string): { readonly late: Promise<never>; readonly cancel: () => void } {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => setImmediate(() => reject(new Late(message))), PATIENCE);
  });
  return { late, cancel: () => clearTimeout(timer) };
}

function clientOf(url: string) {
  const socket = { connectTimeout: PATIENCE, reconnectStrategy: (tries: number) => Math.min(50 * 2 ** tries, 3000) };
  try {
    return createClient({ url, socket, disableOfflineQueue: true });
  } catch {
    throw new Refusal('invalid-argument', 'the URL of the Redis cannot be used', {
      help: 'write one such as `redis://user:password@host:6379/0`, or `rediss://…` for TLS',
    });
  }
}
