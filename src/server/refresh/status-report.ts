import type { Store } from '../store.js';
import type { RefreshStatus } from './status.js';

/** What `/status` says, as JSON. */
export function statusOf(
  { current }: Store,
  { refused, fetch, unreadable, accepted, rejected }: RefreshStatus,
): object {
  return {
    serving: current && {
      version: current.revision.version,
      origin: current.origin,
      loaded_at: timeText(current.loadedAt),
      ...current.position,
    },
    refused: refused && {
      version: refused.version,
      reason: refused.reason,
      at: timeText(refused.at),
      diagnostics: refused.diagnostics,
    },
    fetch: fetch && {
      last_attempt: timeText(fetch.lastAttempt),
      last_success: fetch.lastSuccess === undefined ? undefined : timeText(fetch.lastSuccess),
      error: fetch.error,
    },
    unreadable,
    reloads: { accepted, refused: rejected },
  };
}

/** RFC 3339 */
function timeText(time: number): string {
  return new Date(time).toISOString();
}
