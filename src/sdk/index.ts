import { fileCache } from './cache/file.js';
import { FlagstaffClient as Client } from './client.js';
import type { ClientOptions } from './options.js';

export type { Context } from '../model/context.js';
export type { ErrorCode, Reason } from '../model/evaluation.js';
export type { Json, JsonObject } from '../model/json.js';
export type { DefinitionCache, Kept } from './cache/cache.js';
export { fileCache } from './cache/file.js';
export type * from './flag-client.js';
export type { ClientOptions } from './options.js';
export type { Time } from './time.js';

export interface NodeClientOptions extends ClientOptions {
  /** A file that keeps the last good definitions, for a start without a server. */
  readonly cacheFile?: string;
}

/** The client of servers, which have files. */
export class FlagstaffClient extends Client {
  constructor(options: NodeClientOptions) {
    const { cacheFile, cache = cacheFile === undefined ? undefined : fileCache(cacheFile) } = options;
    super(cache === undefined ? options : { ...options, cache });
  }
}
