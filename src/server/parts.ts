import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import type { TokenReader } from './access/jwt.js';
import type { StoredKey } from './access/key.js';
import type { Principal } from './access/principal.js';
import type { AuditTrail } from './audit.js';
import type { Exposures } from './exposures/open.js';
import type { Gauge } from './gauge.js';
import type { AgeReader } from './lifecycle/ages.js';
import type { Served } from './served.js';
import type { Store } from './store.js';
import type { WritingParts } from './writing/parts.js';

/** The keys that count now; a key file that changes is read again. */
export interface KeyRing {
  /** By their ids. */
  readonly keys: ReadonlyMap<string, StoredKey>;
}

/** What a request may cost. */
export interface Limits {
  /** bytes */
  readonly body: number;
  /** bytes of all headers together */
  readonly headers: number;
  /** characters */
  readonly url: number;
  /** How deeply a body may be nested. */
  readonly depth: number;
  /** Requests per minute of one key from one address; 0: as many as they like. */
  readonly requestsPerMinute: number;
  /** Open at a time, streams too; one more is closed at once. */
  readonly connections: number;
}

export const LIMITS: Limits = {
  body: 1_048_576,
  headers: 16_384,
  url: 8_192,
  depth: 64,
  requestsPerMinute: 0,
  connections: 20_000,
};

/** Who opens an OFREP stream, and from which version on. */
export interface OfrepStreamRequest {
  readonly principal: Principal;
  readonly environment: string;
  readonly served: Served;
}

/** What a server is made of. Everything here is optional but the store, the clock and the log. */
export interface Parts {
  readonly store: Store;
  /** milliseconds since 1970 */
  readonly clock: () => number;
  readonly log: FastifyBaseLogger;
  /** Without keys only this machine may ask. */
  readonly keyRing?: KeyRing;
  /** Reads the tokens of admins; only beside keys, be it none of them. */
  readonly tokens?: TokenReader;
  /** For whoever has no key that says otherwise; the project's default if left out. */
  readonly environment?: string;
  /** Sites whose pages may ask; `*` for all. */
  readonly corsOrigins?: readonly string[];
  readonly limits?: Partial<Limits>;
  /** Whether proxies in front may say where a request came from (`X-Forwarded-For`). */
  readonly trustProxy?: boolean;
  readonly tls?: { readonly cert: string | Buffer; readonly key: string | Buffer };
  /** What `/status` says of sources and refusals, as JSON; the part for people who hold a server key. */
  readonly status?: () => object;
  /** Numbers of parts that the server itself does not know (reloads, streams), for `/metrics`. */
  readonly gauges?: () => readonly Gauge[];
  readonly audit?: AuditTrail;
  /** Without, the ages of flags are not known. */
  readonly ages?: AgeReader;
  /** Who met which variant; without, nobody keeps that. */
  readonly exposures?: Pick<Exposures, 'ledger' | 'observer'>;
  /** What it writes with; without, it only reads. */
  readonly writing?: WritingParts;
  /** Path and query of the stream for OFREP clients; `undefined` when there is none to be had. */
  readonly ofrepStream?: (request: OfrepStreamRequest) => string | undefined;
  /** Routes of other parts (streams, reload), registered behind the same doors. */
  readonly routes?: readonly ((app: FastifyInstance) => void)[];
}
