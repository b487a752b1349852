import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Definitions } from '../../model/definitions.js';
import { batchBetween, encodeBatch, encodeSnapshot } from '../../wire/batch.js';
import { formatEventId } from '../../wire/event-id.js';
import { encodeFrame } from '../../wire/frame.js';
import type { Served } from '../served.js';

const compress = promisify(gzip);

/** The definitions of one environment as they are sent, made once however many ask. */
export interface Encoded {
  readonly id: string;
  /** The body of `GET /snapshot`. */
  readonly json: string;
  /** The body, compressed. */
  gzip(): Promise<Buffer>;
  /** As the event `snapshot`. */
  readonly event: Buffer;
}

const known = new WeakMap<Served, Map<Definitions, Encoded>>();

/** Two states may have the same definitions; their versions and ids differ all the same. */
export function encodedFor(served: Served, definitions: Definitions): Encoded {
  const ofServed = known.get(served) ?? new Map<Definitions, Encoded>();
  known.set(served, ofServed);
  const found = ofServed.get(definitions) ?? encode(served, definitions);
  ofServed.set(definitions, found);
  return found;
}

function encode({ revision, position }: Served, definitions: Definitions): Encoded {
  const id = formatEventId({ ...position, n: 0 });
  const json = encodeSnapshot(definitions, revision.version, id);
  let zipped: Promise<Buffer> | undefined;
  const gzipOnce = () => {
    zipped ??= compress(json);
    return zipped;
  };
  return { id, json, gzip: gzipOnce, event: Buffer.from(encodeFrame({ id, event: 'snapshot', data: json })) };
}

/** What leads from one state of an environment to another. An environment that is new has had no flags before. */
export function encodedBatch(before: Definitions | undefined, after: Definitions, { revision, position }: Served) {
  const old = before ?? { ...after, flags: [], segments: [] };
  const events = batchBetween(old, after, revision);
  return { bytes: Buffer.from(encodeBatch(events, position)), changes: events.length > 1 };
}
