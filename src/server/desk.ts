import type { FastifyRequest } from 'fastify';
import { environmentOf, principalOf } from './access/request.js';
import type { Standings } from './lifecycle/standings.js';
import type { Parts } from './parts.js';
import { Problem } from './problem.js';
import type { Served } from './served.js';
import type { View, Views } from './view.js';

/** What routes work with. */
export interface Desk {
  readonly parts: Parts;
  readonly views: Views;
  readonly standings: Standings;
}

/** What is served; a request asks once and keeps it to its end. @throws Problem before anything is */
export function servedNow({ parts }: Desk): Served {
  const { current } = parts.store;
  if (current === undefined) throw new Problem('not_ready', 'no flags are served yet', { retryAfter: 1 });
  return current;
}

/**
 * What whoever asks may see of the environment that the request is about.
 * @param asked the environment in the body; the one in the query counts as well
 */
export function viewFor(desk: Desk, request: FastifyRequest, asked?: string): View {
  const principal = principalOf(request);
  const served = servedNow(desk);
  const { environment: inQuery } = request.query as { readonly environment?: string | readonly string[] };
  if (inQuery !== undefined && (typeof inQuery !== 'string' || (asked ?? inQuery) !== inQuery)) {
    throw new Problem('invalid_request', 'the request names two environments');
  }
  const environment = environmentOf(principal, served, { asked: asked ?? inQuery, usual: desk.parts.environment });
  return desk.views.of(served, environment, principal);
}
