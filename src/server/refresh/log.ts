import type { FastifyBaseLogger } from 'fastify';
import type { Store } from '../store.js';
import type { RefreshEvent } from './refresher.js';
import type { Refused } from './status.js';

/** How many problems of a refused state are told one by one. */
const TOLD = 20;

/** Tells the log how following the source goes. */
export function logRefresh(log: FastifyBaseLogger): (event: RefreshEvent) => void {
  return (event) => {
    switch (event.kind) {
      case 'published': {
        const { origin, revision } = event.served;
        const from = origin === 'cache' ? ' from the snapshot cache: the source cannot be read' : '';
        log.info({ version: revision.version, origin }, `serving ${revision.version.slice(0, 12)}${from}`);
        break;
      }
      case 'refused':
        logRefused(log, event.refused);
        break;
      case 'unreadable':
        log.error(`the flags stay as they are: ${event.error.message}`);
        break;
      case 'fetch-failed':
        log.error(`cannot fetch: ${event.error.message}`);
    }
  };
}

/**
 * Holds refusals back until something is served: where nothing can be, the one that matters is the error that ends the
 * process, and is said once.
 */
export function onceServing(store: Store, tell: (event: RefreshEvent) => void): (event: RefreshEvent) => void {
  const held: RefreshEvent[] = [];
  return (event) => {
    if (event.kind === 'refused' && store.current === undefined) held.push(event);
    else for (const each of [...held.splice(0), event]) tell(each);
  };
}

function logRefused(log: FastifyBaseLogger, { version, reason, diagnostics }: Refused): void {
  const why = reason === 'gate' ? 'it does not pass the gate' : 'it does not descend from what is served';
  log.error({ version, reason }, `refused ${version.slice(0, 12)}: ${why}`);
  for (const { file, range, code, message } of diagnostics.slice(0, TOLD)) {
    log.error(`${file}:${range.start.line}:${range.start.column} ${code} ${message}`);
  }
}
