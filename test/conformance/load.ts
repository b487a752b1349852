import { readdirSync, readFileSync } from 'node:fs';
import type { Definitions } from '../../src/model/definitions.js';
import type { Evaluation } from '../../src/model/evaluation.js';
import type { Flag } from '../../src/model/flag.js';
import type { Segment } from '../../src/model/segment.js';

/** A case of a conformance file; README.md says what the fields mean. */
export interface ConformanceCase {
  readonly name: string;
  readonly flag: string;
  readonly context: Readonly<Record<string, unknown>>;
  readonly now?: string;
  readonly expect: Readonly<Record<string, unknown>>;
}

export interface ConformanceFile {
  readonly name: string;
  readonly about: string;
  readonly definitions: Definitions;
  readonly cases: readonly ConformanceCase[];
}

type WrittenFlag = Partial<Flag> & Pick<Flag, 'key' | 'type' | 'default'>;
type WrittenSegment = Partial<Segment> & Pick<Segment, 'key'>;

const DEFAULT_NOW = '2026-07-01T12:00:00Z';

/** Every conformance file, with the defaults of the format filled in. */
export function loadConformance(): readonly ConformanceFile[] {
  const folder = new URL('.', import.meta.url);
  const names = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return names.sort().map((name) => {
    const { about, definitions, cases } = JSON.parse(readFileSync(new URL(name, folder), 'utf8'));
    const flags = definitions.flags.map(fillFlag);
    const segments = definitions.segments.map(fillSegment);
    return { name, about, definitions: { ...definitions, flags, segments }, cases };
  });
}

/** The time of a case in milliseconds since 1970. */
export function timeOf({ now = DEFAULT_NOW }: ConformanceCase): number {
  return Date.parse(now);
}

/** What of an answer a case speaks of: `null` stands for a field that is not there. */
export function relevantPart(evaluation: Evaluation, { expect }: ConformanceCase): Record<string, unknown> {
  const fields: Readonly<Record<string, unknown>> = { ...evaluation };
  return Object.fromEntries(Object.keys(expect).map((field) => [field, fields[field] ?? null]));
}

export function fillFlag(written: WrittenFlag): Flag {
  return {
    state: 'active',
    tags: [],
    metadata: {},
    expose: ['server'],
    variants: { on: true, off: false },
    bucket_by: 'targetingKey',
    seed: written.key,
    enabled: true,
    off_variant: written.default,
    overrides: {},
    prerequisites: [],
    rules: [],
    ...written,
  };
}

export function fillSegment(written: WrittenSegment): Segment {
  return { enabled: true, conditions: [], included: [], excluded: [], ...written };
}
