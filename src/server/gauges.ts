import type { Gauge } from './gauge.js';
import type { RefreshStatus } from './refresh/status.js';
import type { StreamHub } from './stream/hub.js';

/** What streams and the following of the source have to tell Prometheus. */
export function gaugesOf(hub: StreamHub, status: RefreshStatus): Gauge[] {
  const { accepted, rejected, refused, unreadable } = status;
  return [
    gauge('flagstaff_streams', 'Streams open now.', hub.size),
    counter('flagstaff_streams_dropped_total', 'Slow consumers cut off.', hub.dropped),
    counter('flagstaff_reloads_accepted_total', 'States published.', accepted),
    counter('flagstaff_reloads_refused_total', 'States refused.', rejected),
    gauge('flagstaff_head_refused', '1 while the newest state is refused and an older one served.', yes(refused)),
    gauge('flagstaff_source_unreadable', '1 while the source of the flags cannot be read.', yes(unreadable)),
    ...fetchGauges(status),
  ];
}

/** Only with a remote. */
function fetchGauges({ fetch }: RefreshStatus): Gauge[] {
  if (fetch === undefined) return [];
  const { lastSuccess = 0, error } = fetch;
  return [
    gauge('flagstaff_fetch_failing', '1 while the last fetch from the remote has failed.', yes(error)),
    gauge('flagstaff_fetch_last_success_timestamp_seconds', 'When it last succeeded; 0: never.', lastSuccess / 1000),
  ];
}

function yes(what: unknown): number {
  return what === undefined ? 0 : 1;
}

function gauge(name: string, help: string, value: number): Gauge {
  return { name, help, type: 'gauge', value };
}

function counter(name: string, help: string, value: number): Gauge {
  return { name, help, type: 'counter', value };
}
