import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { Latencies } from './latencies.js';
import type { Parts } from './parts.js';
import type { Tallies } from './tallies.js';

/** What Prometheus may read of a server. Numbers that others keep are looked up when it asks. */
export function metricsOf(parts: Parts, tallies: Tallies): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  addEvaluations(registry, tallies);
  addSnapshot(registry, parts);
  addGauges(registry, parts);
  return registry;
}

function addEvaluations(registry: Registry, tallies: Tallies): void {
  new Counter({
    name: 'flagstaff_evaluations_total',
    help: 'Answers given, by environment, flag, variant and reason. Flags that are not there count under an empty name, archived ones with the reason ARCHIVED.',
    labelNames: ['environment', 'flag', 'variant', 'reason'],
    registers: [registry],
    collect() {
      this.reset();
      for (const { count, ...labels } of tallies.all()) this.inc(labels, count);
    },
  });
}

function addSnapshot(registry: Registry, { store, clock }: Parts): void {
  new Gauge({
    name: 'flagstaff_snapshot_age_seconds',
    help: 'How long the served flags have been served.',
    registers: [registry],
    collect() {
      if (store.current !== undefined) this.set((clock() - store.current.loadedAt) / 1000);
    },
  });
  new Gauge({
    name: 'flagstaff_snapshot_info',
    help: 'Always 1; the labels tell the version of the served flags and where they come from.',
    labelNames: ['version', 'origin'],
    registers: [registry],
    collect() {
      this.reset();
      if (store.current !== undefined)
        this.set({ version: store.current.revision.version, origin: store.current.origin }, 1);
    },
  });
}

function addGauges(registry: Registry, { gauges }: Parts): void {
  const names = new Map(gauges?.().map((one) => [one.name, one]));
  for (const [name, { help, type, labels = {} }] of names) {
    const Kind = type === 'counter' ? Counter : Gauge;
    new Kind({
      name,
      help,
      labelNames: Object.keys(labels),
      registers: [registry],
      collect() {
        this.reset();
        for (const one of gauges?.() ?? []) if (one.name === name) this.inc({ ...one.labels }, one.value);
      },
    });
  }
}

/** Times every request, by route and not by URL: what callers make up is no label. */
export function timeRequests(app: FastifyInstance, registry: Registry): void {
  const latencies = new Latencies(registry);
  app.addHook('onResponse', (request, { statusCode: status, elapsedTime }, done) => {
    const { method, log, principal } = request;
    const route = request.routeOptions.url ?? '';
    latencies.of(route === '' ? '' : method, route, status).add(elapsedTime / 1000);
    if (isToldOf(log)) log.debug({ method, route, status, ms: elapsedTime, key: principal?.id }, 'request');
    done();
  });
}

function isToldOf({ level }: FastifyBaseLogger): boolean {
  return level === 'debug' || level === 'trace';
}
