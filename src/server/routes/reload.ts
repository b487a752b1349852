import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isSigned } from '../access/signature.js';
import { Problem } from '../problem.js';
import type { RefreshStatus } from '../refresh/status.js';
import type { Store } from '../store.js';

export interface ReloadParts {
  readonly store: Store;
  /** Fetches, and looks for a newer state; resolves when that is done. */
  readonly reload: () => Promise<RefreshStatus>;
  /** What whoever calls `/hooks/push` must know; without one nobody can. */
  readonly hookSecret?: string;
}

/** `POST /reload` for people, `POST /hooks/push` for git hosts and other replicas. */
export function addReloadRoutes(app: FastifyInstance, parts: ReloadParts): void {
  app.post('/reload', { config: { access: ['admin'] } }, () => reloadNow(parts));
  const { hookSecret } = parts;
  if (hookSecret !== undefined) app.register(async (scope) => addHook(scope, parts, hookSecret));
}

async function reloadNow({ store, reload }: ReloadParts): Promise<object> {
  const { fetch, refused, unreadable } = await reload();
  if (fetch?.error !== undefined) throw new Problem('fetch_failed', fetch.error);
  if (unreadable !== undefined) throw new Problem('unavailable', unreadable);
  if (refused === undefined) return { version: store.current?.revision.version };
  const errors = refused.diagnostics.map(({ file, range, message }) => ({
    pointer: `${file}:${range.start.line}:${range.start.column}`,
    message,
  }));
  const why = refused.reason === 'gate' ? 'does not pass the gate' : 'does not descend from what is served';
  throw new Problem('reload_refused', `${refused.version} ${why}`, { errors });
}

/** The signature is over the bytes, so they are taken as they come. Answered before anything is fetched. */
function addHook(scope: FastifyInstance, { reload }: ReloadParts, secret: string): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  scope.post('/hooks/push', { config: { access: 'open' } }, (request, reply) => {
    if (!isSigned(request.headers, bytesOf(request), secret)) {
      throw new Problem('unauthorized', 'the signature is missing, or made with another secret');
    }
    reload().catch((error) => request.log.error(error));
    return reply.code(202).send({ accepted: true });
  });
}

function bytesOf({ body }: FastifyRequest): Uint8Array {
  return body instanceof Uint8Array ? body : new Uint8Array();
}
