import type { Definitions } from '../model/definitions.js';
import type { Flag } from '../model/flag.js';
import { changedBetween } from './changed.js';
import { encodeFlag, encodeSegment } from './definition.js';
import { type EventId, formatEventId } from './event-id.js';
import { encodeFrame } from './frame.js';

/** The version of the wire format; an SDK that meets a higher one keeps what it has. */
export const WIRE_FORMAT = 1;

type StreamEventName = 'snapshot' | 'flag_updated' | 'flag_archived' | 'segment_updated' | 'segment_removed' | 'commit';

/** An event before it has an id: a name and its data as JSON text. */
export interface StreamEvent {
  readonly event: StreamEventName;
  readonly data: string;
}

/** What a stream says of the revision that it now serves. `at` is RFC 3339. */
export interface Revision {
  /** The whole commit id, or the name of a state of the working tree. */
  readonly version: string;
  readonly author: string;
  readonly message: string;
  readonly at: string;
}

/** Everything: the first event on a connection that cannot be resumed, and the body of `GET /snapshot`. */
export function encodeSnapshot(definitions: Definitions, version: string, id: string): string {
  const flags = definitions.flags.map(encodeFlag).join(',');
  const segments = definitions.segments.map(encodeSegment).join(',');
  const head = JSON.stringify({ format: WIRE_FORMAT, environment: definitions.environment, version, id });
  return `${head.slice(0, -1)},"flags":[${flags}],"segments":[${segments}]}`;
}

/**
 * The batch that leads from one set of definitions to another: only what changed, segments first,
 * `commit` last. A client applies it whole.
 */
export function batchBetween(before: Definitions, after: Definitions, revision: Revision): StreamEvent[] {
  return [
    ...segmentEvents(before, after, revision.version),
    ...flagEvents(before, after, revision.version),
    { event: 'commit', data: JSON.stringify({ format: WIRE_FORMAT, ...revision }) },
  ];
}

function segmentEvents(before: Definitions, after: Definitions, version: string): StreamEvent[] {
  const { updated, removed } = changedBetween(before.segments, after.segments, encodeSegment);
  return [
    ...updated.map((one) => event('segment_updated', one.key, version, `"segment":${encodeSegment(one)}`)),
    ...removed.map(({ key }) => event('segment_removed', key, version)),
  ];
}

function flagEvents(before: Definitions, after: Definitions, version: string): StreamEvent[] {
  const { updated, removed } = changedBetween(before.flags, after.flags, encodeFlag);
  const gone = removed.filter(({ state }) => state === 'active');
  return [
    ...updated.map((flag) => flagEvent(flag, version)),
    ...gone.map((flag) => flagEvent({ ...flag, state: 'archived' }, version)),
  ];
}

function flagEvent(flag: Flag, version: string): StreamEvent {
  const name = flag.state === 'archived' ? 'flag_archived' : 'flag_updated';
  return event(name, flag.key, version, `"flag":${encodeFlag(flag)}`);
}

function event(name: StreamEventName, key: string, version: string, body?: string): StreamEvent {
  const parts = [`"key":${JSON.stringify(key)}`, body, `"version":${JSON.stringify(version)}`];
  return { event: name, data: `{${parts.filter((part) => part !== undefined).join(',')}}` };
}

/** The text of a batch on the wire: ids count down to 0, which only the last event has. */
export function encodeBatch(events: readonly StreamEvent[], position: Omit<EventId, 'n'>): string {
  return events
    .map(({ event: name, data }, index) => {
      const id = formatEventId({ ...position, n: events.length - 1 - index });
      return encodeFrame({ id, event: name, data });
    })
    .join('');
}
