import { FLAG_TYPES, type Flag } from '../model/flag.js';
import type { Segment } from '../model/segment.js';

/** Is a value of JSON what it should be? */
type Is = (value: unknown) => boolean;

/** Deeper conditions than the engine follows come from no server. */
const DEEPEST = 200;

/** Has the value the shape of a flag? What it says may still make no sense: that is an error of this one flag. */
export function isFlag(value: unknown): value is Flag {
  return flag(value) && isRecord(value) && areVariants(value.variants, value.type);
}

/** As `isFlag`. */
export function isSegment(value: unknown): value is Segment {
  return segment(value);
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const text: Is = (value) => typeof value === 'string';
const name: Is = (value) => typeof value === 'string' && value !== '';
const yesOrNo: Is = (value) => typeof value === 'boolean';
const number: Is = (value) => typeof value === 'number';
const nameOrNull: Is = (value) => value === null || name(value);
const plain: Is = (value) => text(value) || number(value) || yesOrNo(value);
const conditions: Is = (value) => areConditions(value, 1);

const split = listOf(shape({ variant: name, percent: number }));
const step = shape({ at: text }, { percent: number, split });
const rollout = { percent: number, split, steps: listOf(step) };
const slot = shape({ group: name, range: listOf(number) });

const flag = shape(
  {
    key: name,
    type: oneOf(FLAG_TYPES),
    state: oneOf(['active', 'archived']),
    tags: listOf(text),
    metadata: mapOf(plain),
    expose: listOf(text),
    variants: isRecord,
    bucket_by: name,
    seed: text,
    enabled: yesOrNo,
    default: nameOrNull,
    off_variant: nameOrNull,
    overrides: mapOf(listOf(text)),
    prerequisites: listOf(shape({ flag: name, variants: listOf(text) })),
    rules: listOf(shape({ name, conditions }, { serve: name, split })),
  },
  {
    starts_at: text,
    expires_at: text,
    rollout: shape({}, rollout),
    experiment: shape({}, { ...rollout, conditions, slot }),
  },
);

const segment = shape(
  { key: name, enabled: yesOrNo, conditions, included: listOf(text), excluded: listOf(text) },
  { parent: name },
);

/** Each variant has the flag's type; a json flag's may be anything. */
function areVariants(variants: unknown, type: unknown): boolean {
  return type === 'json' || mapOf((each) => typeof each === type)(variants);
}

function areConditions(value: unknown, depth: number): boolean {
  return depth <= DEEPEST && Array.isArray(value) && value.every((each) => isCondition(each, depth));
}

function isCondition(value: unknown, depth: number): boolean {
  if (!isRecord(value)) return false;
  if ('all' in value) return areConditions(value.all, depth + 1);
  if ('any' in value) return areConditions(value.any, depth + 1);
  if ('not' in value) return areConditions([value.not], depth + 1);
  return name(value.operator);
}

function oneOf(names: readonly string[]): Is {
  return (value) => typeof value === 'string' && names.includes(value);
}

function listOf(is: Is): Is {
  return (value) => Array.isArray(value) && value.every(is);
}

function mapOf(is: Is): Is {
  return (value) => isRecord(value) && Object.values(value).every(is);
}

/** Other fields may stand beside: a server that is a little newer may send more. */
function shape(required: Readonly<Record<string, Is>>, optional: Readonly<Record<string, Is>> = {}): Is {
  const needed = Object.entries(required);
  const allowed = Object.entries(optional);
  return (value) =>
    isRecord(value) &&
    needed.every(([key, is]) => Object.hasOwn(value, key) && is(value[key])) &&
    allowed.every(([key, is]) => value[key] === undefined || is(value[key]));
}
