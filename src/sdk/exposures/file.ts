import { createHmac } from 'node:crypto';
import type { Batch, ExposureSink } from '../../experiment/exposure.js';
import { Journal } from '../../journal/journal.js';

export interface FileSinkOptions {
  /** bytes after which the next file is begun (16 MiB) */
  readonly maxSize?: number;
  /** Whether each batch is on the disk, and not just with the operating system, before it counts as taken (true). */
  readonly sync?: boolean;
}

/**
 * A sink that appends to `000001.ndjson`, … in a directory of its own: exposures as they travel, and events with
 * `"event": true`, one a line. Old files are yours to take away.
 */
export function fileSink(directory: string, options: FileSinkOptions = {}): ExposureSink {
  let journal: Promise<Journal> | undefined;
  return {
    send: async (batch) => {
      journal ??= Journal.open({ directory, ...options });
      const opened = await journal.catch((error) => {
        journal = undefined;
        throw error;
      });
      await opened.append(linesOf(batch));
    },
    close: async () => (await journal)?.close(),
  };
}

function linesOf({ exposures, events }: Batch): string[] {
  return [
    ...exposures.map((exposure) => JSON.stringify(exposure)),
    ...events.map((event) => JSON.stringify({ event: true, ...event })),
  ];
}

/**
 * Users by a hash that cannot be turned round without the salt (HMAC-SHA-256, 128 bits of it). With an empty salt
 * anybody could: then it fails for every user, so that none is told of.
 */
export function saltedHash(salt: string): (user: string) => string {
  return (user) => {
    if (salt === '') throw new TypeError('the salt is empty');
    return createHmac('sha256', salt).update(user).digest('hex').slice(0, 32);
  };
}
