/**
 * `node --expose-gc memory-of.mjs NAME`: prints the bytes on the heap that 10,000 flags take in the client of that name,
 * once it is ready, less what was there before. A process of its own for each: what one leaves behind is nobody else's.
 */

import { prepareClient } from './peers/clients.mjs';
import { PEERS } from './peers/peer.mjs';
import { HUNDRED_FLAGS } from './scenarios.mjs';

const MANY = 10_000;
const PREPARES = { flagstaff: prepareClient, ...PEERS };

process.env.NODE_ENV = 'production';
const [name] = process.argv.slice(2);
const before = heapUsed();
const peer = await PREPARES[name](manyFlags());
const after = heapUsed();
await peer.close?.();
console.log(after - before);
process.exit(0);

function heapUsed() {
  for (let round = 0; round < 3; round++) globalThis.gc();
  return process.memoryUsage().heapUsed;
}

/** Nothing of one flag is shared with another. */
function manyFlags() {
  return Array.from({ length: MANY }, (_, index) => {
    const { key, ...rest } = structuredClone(HUNDRED_FLAGS[index % HUNDRED_FLAGS.length]);
    return { ...rest, key: `${key}-${index}` };
  });
}
