import type { FastifyRequest } from 'fastify';
import { Problem } from '../problem.js';
import type { Served } from '../served.js';
import type { Role } from './key.js';
import type { Principal } from './principal.js';

/** Who a route is for. A route that does not say is for nobody. */
export type Access = 'open' | readonly Role[];

declare module 'fastify' {
  interface FastifyContextConfig {
    readonly access?: Access;
  }
  interface FastifyRequest {
    /** Who asks; `null` while nobody has been made out. */
    principal: Principal | null;
    /** Why what was sent does not count, where more can be said than that it does not. */
    refused: Problem | null;
  }
}

/** Everyone who holds a key. */
export const ANYONE: Access = ['client', 'server', 'admin'];
/** Those who may see definitions. */
export const READERS: Access = ['server', 'admin'];

/** Who asks, on a route that is not open. @throws Problem when nobody has been made out */
export function principalOf(request: FastifyRequest): Principal {
  if (request.principal === null)
    throw request.refused ?? new Problem('unauthorized', 'send a key as `Authorization: Bearer KEY`');
  return request.principal;
}

/** @throws Problem when the route is not for whoever asks */
export function authorize(request: FastifyRequest): void {
  const { access = [] } = request.routeOptions.config;
  if (access === 'open' || request.is404) return;
  const { role } = principalOf(request);
  if (!access.includes(role)) {
    throw new Problem('forbidden', `this is not for a key of the role \`${role}\``);
  }
}

export interface EnvironmentChoice {
  /** What the request itself asks for. */
  readonly asked?: string | undefined;
  /** For whoever has no key that says otherwise. */
  readonly usual?: string | undefined;
}

/**
 * The environment that a request is about: a key fixes it; without one the request may say.
 * @throws Problem when the request contradicts the key, or there is no such environment
 */
export function environmentOf(principal: Principal, served: Served, { asked, usual }: EnvironmentChoice): string {
  const { settings, definitions } = served.snapshot;
  const own = principal.environment;
  if (own !== undefined && asked !== undefined && asked !== own) {
    throw new Problem('forbidden', `this key is for the environment \`${own}\` only`);
  }
  const environment = own ?? asked ?? usual ?? settings.defaultEnvironment;
  if (definitions.has(environment)) return environment;
  if (asked === undefined) throw new Problem('forbidden', `the environment \`${environment}\` is not there any more`);
  throw new Problem('invalid_request', `there is no environment \`${environment}\``, {
    errors: [{ pointer: '/environment', message: `one of ${settings.environments.join(', ')}` }],
  });
}
