import { type Exposure, type ExposureSink, LONGEST_USER, type TrackedEvent } from '../../experiment/exposure.js';
import { Recorder } from '../../experiment/recorder.js';
import type { Context } from '../../model/context.js';
import { isDeeper } from '../../model/depth.js';
import type { Evaluation } from '../../model/evaluation.js';
import type { ClientError, TrackingDetails } from '../flag-client.js';
import type { Standing } from '../standing.js';
import type { Time } from '../time.js';

/** How long the name of an event may be, as servers have it. */
const LONGEST_NAME = 128;

/** Of the details of an event as JSON: characters, and how many objects and lists may stand within each other. */
const LONGEST_DETAILS = 65_536;
const DEEPEST_DETAILS = 50;

/** What is done with the assignments of experiments. Times are in milliseconds. */
export interface ExposureOptions {
  /** Where they go; to the server, if left out. */
  readonly sink?: ExposureSink;
  /** How long they wait to be handed over, and how long a user's variant is told once only (10 s). */
  readonly flushInterval?: number;
  /** How many are handed over at once (100); 500 at most. */
  readonly flushSize?: number;
  /** How many are kept while the sink is away (10,000). */
  readonly capacity?: number;
  /** What stands for a user outside of this process, such as `saltedHash(salt)`; the id itself, if left out. */
  readonly hashUser?: (user: string) => string;
}

interface Edges {
  readonly sink: ExposureSink;
  readonly time: Time;
  readonly random: () => number;
  /** Told once of what a sink refuses, or a hash does not give, until that is something else. */
  readonly tell: (error: ClientError) => void;
}

/** Makes exposures of answers, and events of what is tracked. Nothing here throws. */
export class Exposing {
  readonly #recorder: Recorder;
  readonly #time: Time;
  readonly #hashUser: ((user: string) => string) | undefined;
  readonly #tell: (error: ClientError) => void;
  #told: string | undefined;
  #now = Number.NaN;
  #timestamp = '';

  constructor(options: ExposureOptions, { sink, time, random, tell }: Edges) {
    const { flushInterval, flushSize, capacity, hashUser } = options;
    this.#time = time;
    this.#tell = tell;
    this.#hashUser = hashUser;
    this.#recorder = new Recorder({
      sink,
      random,
      after: (milliseconds, callback) => time.after(milliseconds, callback),
      newId: () => newId(random),
      refused: ({ message }) => this.#say(`exposures were refused and let go: ${message}`),
      ...(flushInterval !== undefined && { window: flushInterval }),
      ...(flushSize !== undefined && { batchSize: flushSize }),
      ...(capacity !== undefined && { capacity }),
    });
  }

  get counts(): { readonly pending: number; readonly dropped: number } {
    const { pending, dropped } = this.#recorder;
    return { pending, dropped };
  }

  /** To be told of every single answer of a flag that has an experiment. */
  see({ evaluator, version }: Standing, evaluation: Evaluation, context: Context | undefined): void {
    const { flag, variant, reason, rule } = evaluation;
    if (reason !== 'SPLIT' || rule !== undefined || variant === null) return;
    const user = evaluator.unit(flag, context);
    if (user === undefined || !this.#recorder.isNew(flag, variant, user)) return;
    const { environment } = evaluator;
    const user_id = this.#shown(user);
    if (user_id === undefined) {
      this.#recorder.drop();
      return;
    }
    const exposure: Exposure = {
      flag_key: flag,
      variant_key: variant,
      user_id,
      timestamp: this.#timestampOf(this.#time.now()),
      reason,
      environment,
      version,
    };
    this.#recorder.exposure(exposure);
  }

  /**
   * What cannot be told as JSON is dropped here, so that it does not spoil the batch it would travel in.
   * @param environment of the definitions; nobody knows it before there are any, and then it is dropped too
   */
  track(name: string, environment: string | undefined, context?: Context, details: TrackingDetails = {}): void {
    try {
      if (environment === undefined) throw new TypeError('an event of no environment');
      this.#recorder.event(this.#eventOf(name, environment, context, details));
    } catch {
      this.#recorder.drop();
    }
  }

  /** @throws whatever a strange argument makes of it */
  #eventOf(name: string, environment: string, context: Context | undefined, details: TrackingDetails): TrackedEvent {
    if (!isText(name, LONGEST_NAME)) throw new TypeError('an event without a name');
    const { value, ...attributes } = details ?? {};
    const { targetingKey: user } = context ?? {};
    const user_id = typeof user === 'string' ? this.#shown(user) : undefined;
    return {
      name,
      ...(user_id !== undefined && { user_id }),
      timestamp: this.#timestampOf(this.#time.now()),
      ...(Number.isFinite(value) && { value: Number(value) }),
      ...(Object.keys(attributes).length > 0 && { attributes: asDetails(attributes) }),
      environment,
    };
  }

  close(): Promise<void> {
    return this.#recorder.close();
  }

  /** A hash that fails must not give the id itself away; what no server takes is not told. */
  #shown(user: string): string | undefined {
    if (this.#hashUser === undefined) return isText(user, LONGEST_USER) ? user : undefined;
    try {
      const shown = this.#hashUser(user);
      if (isText(shown, LONGEST_USER)) return shown;
    } catch {
      // Its own words may hold the id.
    }
    this.#say(`\`hashUser\` gives no text of 1 to ${LONGEST_USER} characters: such exposures are let go`);
    return undefined;
  }

  /** What comes in the same millisecond has the same one: making it costs more than all the rest. */
  #timestampOf(now: number): string {
    if (now === this.#now) return this.#timestamp;
    this.#now = now;
    this.#timestamp = new Date(now).toISOString();
    return this.#timestamp;
  }

  /** The same again and again is told once. */
  #say(message: string): void {
    if (message === this.#told) return;
    this.#told = message;
    this.#tell({ code: 'exposures', message });
  }
}

/** As they are now, whatever becomes of the object. @throws when no server would take them */
function asDetails(attributes: object): Record<string, unknown> {
  const text = JSON.stringify(attributes);
  const details = JSON.parse(text);
  if (text.length > LONGEST_DETAILS || isDeeper(details, DEEPEST_DETAILS))
    throw new TypeError('details beyond measure');
  return details;
}

function isText(value: unknown, longest: number): boolean {
  return typeof value === 'string' && value !== '' && value.length <= longest;
}

/** 104 random bits: browsers have `crypto.randomUUID` in secure contexts only. */
function newId(random: () => number): string {
  return Array.from({ length: 4 }, () => Math.floor(random() * 2 ** 26).toString(36)).join('-');
}
