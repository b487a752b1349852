import type { FastifyInstance } from 'fastify';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
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
    help: 'Answers given, by environment, flag, variant and reason. Flags that are not there count under an empty name.',
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
  const histogram = new Histogram({
    name: 'flagstaff_http_request_duration_seconds',
    help: 'From the request line to the end of the answer.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1, 5],
    registers: [registry],
  });
  app.addHook('onResponse', ({ method, routeOptions, log, principal }, { statusCode, elapsedTime }, done) => {
    const route = routeOptions.url ?? '';
    histogram.observe({ method: route === '' ? '' : method, route, status: String(statusCode) }, elapsedTime / 1000);
    log.debug({ method, route, status: statusCode, ms: elapsedTime, key: principal?.id }, 'request');
    done();
  });
}
