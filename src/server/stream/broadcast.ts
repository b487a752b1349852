import { encodeFrame } from '../../wire/frame.js';
import type { Publication } from '../served.js';
import { encodedBatch } from './encoded.js';
import type { StreamHub } from './hub.js';
import { announcement, ofrepChannel } from './ofrep.js';
import { definitionsChannel } from './routes.js';

/** milliseconds that clients of an environment that is gone wait before they ask again */
const GONE = 60_000;

/** Tells every open stream what has changed; encoded once for each environment. */
export function broadcast(hub: StreamHub, { before, after }: Publication, now: number): void {
  for (const [environment, definitions] of after.snapshot.definitions) {
    const { bytes, changes } = encodedBatch(before?.snapshot.definitions.get(environment), definitions, after);
    hub.broadcast(definitionsChannel(environment), bytes);
    if (changes) hub.broadcast(ofrepChannel(environment), Buffer.from(announcement(after, environment, now)));
  }
  for (const environment of before?.snapshot.definitions.keys() ?? []) {
    if (after.snapshot.definitions.has(environment)) continue;
    hub.endChannel(definitionsChannel(environment), Buffer.from(encodeFrame({ retry: GONE })));
    hub.endChannel(ofrepChannel(environment), Buffer.from(encodeFrame({ retry: GONE })));
  }
}
