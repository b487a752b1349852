import { fileCache } from './cache/file.js';
import { FlagstaffClient as Client } from './client.js';
import { FilesClient, type FilesOptions } from './files/client.js';
import type { FlagClient } from './flag-client.js';
import type { ClientOptions } from './options.js';

export type { Context } from '../model/context.js';
export type { ErrorCode, Reason } from '../model/evaluation.js';
export type { Json, JsonObject } from '../model/json.js';
// Everything that browsers have too; its client is replaced by the one below.
export * from './browser.js';
export { fileCache } from './cache/file.js';
export { type FileSinkOptions, fileSink, saltedHash } from './exposures/file.js';
export type { FilesOptions } from './files/client.js';

export interface NodeClientOptions extends ClientOptions {
  /** A file that keeps the last good definitions, for a start without a server. */
  readonly cacheFile?: string;
}

/** The client of servers, which have files. */
export class FlagstaffClient extends Client {
  constructor(options: NodeClientOptions) {
    const { cacheFile, cache = cacheFile === undefined ? undefined : fileCache(cacheFile) } = options ?? {};
    super(cache === undefined ? options : { ...options, cache });
  }

  /**
   * Flags straight from a directory, for development without a server. Files that do not pass the gate change nothing:
   * the last good ones count, else defaults, and an `error` event says where and what.
   */
  static fromFiles(dir: string, options: FilesOptions = {}): FlagClient {
    return new FilesClient(dir, options);
  }
}
