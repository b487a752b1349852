import { parseInstant } from '../../engine/instant.js';
import { type Exposure, LONGEST_USER, type TrackedEvent } from '../../experiment/exposure.js';
import { isObject } from '../ofrep/context.js';
import { Problem, type ProblemEntry } from '../problem.js';

/** What `POST /exposures` carries, checked. */
export interface ExposureBody {
  readonly exposures: readonly Exposure[];
  readonly events: readonly TrackedEvent[];
}

/** Entries of one batch. */
const MOST = 10_000;

/** Mistakes that are told of one body. */
const TOLD = 20;

interface Field {
  readonly isRight: (value: unknown) => boolean;
  readonly message: string;
  readonly optional?: true;
}

const name: Field = { isRight: (value) => isText(value, 128), message: 'must be a text of 1 to 128 characters' };
const time: Field = { isRight: isTime, message: 'must be an RFC 3339 time such as 2026-11-22T09:00:00Z' };
const user: Field = {
  isRight: (value) => isText(value, LONGEST_USER),
  message: `must be a text of 1 to ${LONGEST_USER} characters`,
};

type Fields = ReadonlyMap<string, Field>;

const EXPOSURE: Fields = fieldsOf<keyof Exposure>({
  flag_key: name,
  variant_key: name,
  user_id: user,
  timestamp: time,
  reason: name,
  environment: name,
  version: name,
});

const EVENT: Fields = fieldsOf<keyof TrackedEvent>({
  name,
  user_id: { ...user, optional: true },
  timestamp: time,
  value: { isRight: Number.isFinite, message: 'must be a number', optional: true },
  attributes: { isRight: isObject, message: 'must be an object', optional: true },
  environment: name,
});

function fieldsOf<K extends string>(fields: Readonly<Record<K, Field>>): Fields {
  return new Map(Object.entries<Field>(fields));
}

/** @throws Problem with all that is wrong, the first of it if it is much */
export function exposureBody(body: unknown): ExposureBody {
  if (!isObject(body)) throw new Problem('invalid_request', 'the body is not an object');
  const { exposures = [], events = [], ...others } = body as Readonly<Record<string, unknown>>;
  const mistakes = [
    ...Object.keys(others).map((key) => ({
      pointer: `/${escapeStep(key)}`,
      message: 'is unknown; there are exposures, events',
    })),
    ...mistakesInList('/exposures', exposures, EXPOSURE),
    ...mistakesInList('/events', events, EVENT),
  ];
  const [first] = mistakes;
  if (first !== undefined) {
    const errors = mistakes.slice(0, TOLD);
    throw new Problem('invalid_request', `the body: ${first.pointer} ${first.message}`, { errors });
  }
  return { exposures: exposures as readonly Exposure[], events: events as readonly TrackedEvent[] };
}

function mistakesInList(pointer: string, list: unknown, fields: Fields): ProblemEntry[] {
  if (!Array.isArray(list)) return [{ pointer, message: 'must be a list' }];
  if (list.length > MOST) return [{ pointer, message: `has more than ${MOST} entries` }];
  return list.flatMap((entry, at) => (isFine(entry, fields) ? [] : mistakesInEntry(`${pointer}/${at}`, entry, fields)));
}

/** Most entries are, and there are many: this makes no garbage. */
function isFine(entry: unknown, fields: Fields): boolean {
  if (!isObject(entry)) return false;
  const given = entry as Readonly<Record<string, unknown>>;
  for (const key in given) if (!fields.has(key)) return false;
  for (const [key, field] of fields) if (!isRight(given[key], field)) return false;
  return true;
}

function isRight(value: unknown, field: Field): boolean {
  return value === undefined ? field.optional === true : field.isRight(value);
}

function mistakesInEntry(pointer: string, entry: unknown, fields: Fields): ProblemEntry[] {
  if (!isObject(entry)) return [{ pointer, message: 'must be an object' }];
  const given = entry as Readonly<Record<string, unknown>>;
  const unknown = Object.keys(given)
    .filter((key) => !fields.has(key))
    .map((key) => ({ pointer: `${pointer}/${escapeStep(key)}`, message: 'is unknown' }));
  const wrong = [...fields].flatMap(([key, field]) =>
    isRight(given[key], field) ? [] : [{ pointer: `${pointer}/${key}`, message: field.message }],
  );
  return [...unknown, ...wrong];
}

function isText(value: unknown, most: number): boolean {
  return typeof value === 'string' && value.length > 0 && value.length <= most;
}

function isTime(value: unknown): boolean {
  return typeof value === 'string' && parseInstant(value) !== undefined;
}

function escapeStep(step: string): string {
  return step.slice(0, 128).replaceAll('~', '~0').replaceAll('/', '~1');
}
