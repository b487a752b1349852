import type { Definitions } from '../model/definitions.js';
import type { Flag } from '../model/flag.js';
import type { Segment } from '../model/segment.js';
import { decodeSnapshot, parseObject, readFlag, readSegment, requireFormat, type WireSnapshot } from './decode.js';
import { type EventId, parseEventId } from './event-id.js';
import { malformed } from './wire-fault.js';

/** An event of `GET /stream` as it is parsed. */
export interface StreamMessage {
  readonly id?: string | undefined;
  readonly event?: string | undefined;
  readonly data: string;
}

/** One change of the served flags, whole. */
export interface Batch {
  readonly flags: readonly Flag[];
  readonly segments: readonly Segment[];
  readonly removedSegments: readonly string[];
  readonly version: string;
  readonly id: string;
}

type Whole =
  | { readonly kind: 'snapshot'; readonly snapshot: WireSnapshot }
  | { readonly kind: 'batch'; readonly batch: Batch };

interface Draft {
  readonly flags: Flag[];
  readonly segments: Segment[];
  readonly removedSegments: string[];
}

/**
 * Gathers the events of one stream to whole batches. Ids count down to 0 within a batch, so an event that is
 * missing, doubled or out of its place shows; so does a server that has gone back in time.
 */
export class BatchReader {
  #draft: Draft = emptyDraft();
  #previous: EventId | undefined;
  #height: number;
  #size = 0;

  /**
   * @param from the id that the stream goes on from, if it does
   * @param largest how many characters of a batch are kept
   */
  constructor(
    from: string | undefined,
    readonly largest: number,
  ) {
    this.#height = parseEventId(from ?? '')?.height ?? 0;
  }

  /** Has a batch begun that is not yet whole? */
  get isMidway(): boolean {
    return this.#previous !== undefined;
  }

  /**
   * @returns what is whole now; `undefined` while a batch is under way. Events of unknown names are passed over.
   * @throws WireFault
   */
  take(message: StreamMessage): Whole | undefined {
    switch (message.event) {
      case 'snapshot':
        return this.#snapshot(message.data);
      case 'flag_updated':
      case 'flag_archived':
      case 'segment_updated':
      case 'segment_removed':
        this.#advance(message);
        this.#add(message.event, parseObject(message.data));
        return undefined;
      case 'commit':
        return this.#commit(message, this.#advance(message));
      default:
        return undefined;
    }
  }

  #snapshot(data: string): Whole {
    const snapshot = decodeSnapshot(data);
    this.#height = parseEventId(snapshot.id)?.height ?? 0;
    this.#reset();
    return { kind: 'snapshot', snapshot };
  }

  /** Each event of a batch has an id that is one less than that of the one before. */
  #advance({ id, event, data }: StreamMessage): EventId {
    const at = parseEventId(id ?? '');
    if (at === undefined || (at.n === 0) !== (event === 'commit')) throw malformed('an event with a wrong id');
    if (this.#previous !== undefined && !follows(this.#previous, at)) throw malformed('a batch with a gap');
    if (at.height < this.#height) throw malformed('a batch from the past');
    this.#size += data.length;
    if (this.#size > this.largest) throw malformed('a batch without an end');
    this.#previous = at;
    return at;
  }

  #add(event: string, body: Readonly<Record<string, unknown>>): void {
    if (event === 'segment_updated') this.#draft.segments.push(readSegment(body.segment));
    else if (event === 'segment_removed') this.#draft.removedSegments.push(readKey(body.key));
    else this.#draft.flags.push(readFlag(body.flag));
  }

  #commit({ id = '', data }: StreamMessage, { height }: EventId): Whole {
    const body = parseObject(data);
    requireFormat(body);
    if (typeof body.version !== 'string') throw malformed('a commit without its version');
    const batch = { ...this.#draft, version: body.version, id };
    this.#height = height;
    this.#reset();
    return { kind: 'batch', batch };
  }

  #reset(): void {
    this.#draft = emptyDraft();
    this.#previous = undefined;
    this.#size = 0;
  }
}

function emptyDraft(): Draft {
  return { flags: [], segments: [], removedSegments: [] };
}

function follows(before: EventId, after: EventId): boolean {
  return after.n === before.n - 1 && after.height === before.height && after.history === before.history;
}

function readKey(value: unknown): string {
  if (typeof value !== 'string') throw malformed('a segment without its key');
  return value;
}

/** The definitions after a batch; those before stay as they are. */
export function applyBatch(before: Definitions, { flags, segments, removedSegments }: Batch): Definitions {
  const after = replaced(before.segments, segments).filter(({ key }) => !removedSegments.includes(key));
  return { environment: before.environment, flags: replaced(before.flags, flags), segments: after };
}

function replaced<T extends { readonly key: string }>(before: readonly T[], updates: readonly T[]): readonly T[] {
  return [...new Map([...before, ...updates].map((each) => [each.key, each])).values()];
}
