import type { FastifyInstance, FastifyRequest } from 'fastify';
import { findKeyed } from '../../model/keyed.js';
import { READERS } from '../access/request.js';
import { type Desk, viewFor } from '../desk.js';
import type { Hours } from '../hours.js';
import { flagNotFound } from './flags.js';
import { queryOf, wrong } from './query.js';

/** How often answers are sorted into hours; milliseconds. */
const OFTEN = 10_000;

const HOUR = 3_600_000;
const MOST = 7 * 24;

/** Evaluations of one flag by hour, variant and reason. */
export function addFlagMetrics(app: FastifyInstance, desk: Desk, hours: Hours): void {
  const { clock } = desk.parts;
  const begun = clock();
  const timer = setInterval(() => hours.roll(clock()), OFTEN).unref();
  app.addHook('onClose', async () => clearInterval(timer));
  app.get('/flags/:key/metrics', { config: { access: READERS } }, (request) => tell(desk, { hours, begun }, request));
}

/** What this process has counted, and from when on (milliseconds since 1970). */
interface Counted {
  readonly hours: Hours;
  readonly begun: number;
}

function tell(desk: Desk, { hours, begun }: Counted, request: FastifyRequest): object {
  const query = queryOf(request, ['environment', 'hours']);
  const { key } = request.params as { readonly key: string };
  const view = viewFor(desk, request);
  if (findKeyed(view.definitions.flags, key) === undefined) throw flagNotFound(key);
  const now = desk.parts.clock();
  hours.roll(now);
  const from = now - hoursOf(query.one('hours')) * HOUR;
  const found = hours.of(key, view.environment, from);
  return {
    flag_key: key,
    environment: view.environment,
    since: new Date(Math.max(begun, from)).toISOString(),
    hours: found.map(([start, counts]) => ({
      start: new Date(start).toISOString(),
      evaluations: counts.map(({ variant, reason, count }) => ({
        variant_key: variant === '' ? null : variant,
        reason,
        count,
      })),
    })),
  };
}

function hoursOf(text = '24'): number {
  const count = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (count < 1 || count > MOST) throw wrong('hours', `a whole number from 1 to ${MOST}`);
  return count;
}
