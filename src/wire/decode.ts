import type { Definitions } from '../model/definitions.js';
import type { Flag } from '../model/flag.js';
import type { Segment } from '../model/segment.js';
import { WIRE_FORMAT } from './batch.js';
import { parseEventId } from './event-id.js';
import { isFlag, isRecord, isSegment } from './shape.js';
import { malformed, WireFault } from './wire-fault.js';

/** All definitions of an environment at one revision. */
export interface WireSnapshot {
  readonly definitions: Definitions;
  /** The whole commit id, or the name of a state of the working tree. */
  readonly version: string;
  /** Where a stream goes on from here. */
  readonly id: string;
}

/**
 * Reads the body of `GET /snapshot`, or the data of the event `snapshot`.
 * @throws WireFault
 */
export function decodeSnapshot(text: string): WireSnapshot {
  const body = parseObject(text);
  requireFormat(body);
  const { environment, version, id } = body;
  if (typeof environment !== 'string' || typeof version !== 'string' || typeof id !== 'string') {
    throw malformed('a snapshot without environment, version or id');
  }
  if (parseEventId(id) === undefined) throw malformed('a snapshot with an id that is none');
  return {
    definitions: { environment, flags: listOf(body.flags, readFlag), segments: listOf(body.segments, readSegment) },
    version,
    id,
  };
}

/** @throws WireFault when it is no JSON object */
export function parseObject(text: string): Readonly<Record<string, unknown>> {
  const value = parseJson(text);
  if (!isRecord(value)) throw malformed('something else than a JSON object');
  return value;
}

/** @throws WireFault when this SDK cannot know what the rest means */
export function requireFormat({ format }: Readonly<Record<string, unknown>>): void {
  if (typeof format !== 'number' || !Number.isInteger(format) || format < 1) throw malformed('no number of the format');
  if (format > WIRE_FORMAT) {
    throw new WireFault('newer-format', `the server sends format ${format}, this SDK reads ${WIRE_FORMAT}: update it`);
  }
}

/** @throws WireFault */
export function readFlag(value: unknown): Flag {
  if (!isFlag(value)) throw malformed(`flag ${nameOf(value)} has not the shape of a flag`);
  return value;
}

/** @throws WireFault */
export function readSegment(value: unknown): Segment {
  if (!isSegment(value)) throw malformed(`segment ${nameOf(value)} has not the shape of a segment`);
  return value;
}

function listOf<T extends { readonly key: string }>(value: unknown, read: (each: unknown) => T): readonly T[] {
  if (!Array.isArray(value)) throw malformed('a snapshot without flags or segments');
  const list = value.map(read);
  if (new Set(list.map(({ key }) => key)).size < list.length) throw malformed('a snapshot that has a key twice');
  return list;
}

function nameOf(value: unknown): string {
  const key = isRecord(value) ? value.key : undefined;
  return typeof key === 'string' ? `\`${key.slice(0, 128)}\`` : 'without a key';
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw malformed('something else than JSON');
  }
}
