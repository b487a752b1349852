import { InMemoryClient, type InMemoryOptions, type MemoryFlags } from './in-memory-client.js';

export type { InMemoryClient, InMemoryOptions, MemoryFlags, SetOptions } from './in-memory-client.js';
export type { Matching } from './memory-flag.js';

/** A client for tests, with these flags to begin with: `inMemoryClient({ 'checkout.one-page': true })`. */
export function inMemoryClient(flags: MemoryFlags = {}, options: InMemoryOptions = {}): InMemoryClient {
  return new InMemoryClient(flags, options);
}
