import { Memo } from './memo.js';
import type { Project, Subject, Written } from './project.js';
import { variantsOf } from './variants.js';
import type { WrittenFlag } from './written.js';

/** The keys of the flags and segments that a subject names, each once. Those of tests are not here. */
export interface Names {
  readonly flags: readonly string[];
  readonly segments: readonly string[];
}

const names = new Memo<Subject, Names>();

export function namesIn(subject: Subject): Names {
  return names.recall(subject) ?? names.keep(subject, [], collectNames(subject));
}

function collectNames({ flag, overrides, parts, comparisons, segment, group }: Subject): Names {
  const strays = flag === undefined ? overrides.map(({ data }) => data.flag) : [];
  const required = parts.flatMap(({ behaviour }) => behaviour.prerequisites?.map((wanted) => wanted.flag) ?? []);
  const slots = group?.data.slots.map((slot) => slot.flag) ?? [];
  const flags = new Set([...strays, ...required, ...slots]);
  const segments = new Set(segment?.data.parent === undefined ? [] : [segment.data.parent]);
  for (const { comparison } of comparisons) {
    const { operator } = comparison;
    if (operator === 'serves') flags.add(comparison.flag as string);
    else if (operator === 'in_segment' || operator === 'not_in_segment') segments.add(String(comparison.value));
  }
  return { flags: [...flags], segments: [...segments] };
}

/** As much of what a subject names as a judgement of the subject depends on: equal faces, equal judgements. */
export function facesFor(subject: Subject, { flags, segments, broken }: Project): readonly unknown[] {
  const named = namesIn(subject);
  const seen: unknown[] = [];
  for (const key of named.flags) seen.push(faceOf(flags.get(key)) ?? broken.flags.has(key));
  for (const key of named.segments) seen.push(segments.has(key) || broken.segments.has(key));
  return seen;
}

/** The faces of all who can be named. */
export function facesOf({ flags, segments, broken }: Project): readonly unknown[] {
  return [
    [...flags.keys()],
    Array.from(flags.values(), faceOf),
    [...segments.keys()],
    [...broken.flags],
    [...broken.segments],
  ];
}

const faces = new Memo<Written<WrittenFlag>, string>();

/** Whether others may ask for a flag, for which of its variants, and whether it fits into a group. */
function faceOf(flag: Written<WrittenFlag> | undefined): string | undefined {
  if (flag === undefined) return undefined;
  return faces.recall(flag) ?? faces.keep(flag, [], describe(flag.data));
}

function describe(flag: WrittenFlag): string {
  return JSON.stringify([flag.type, flag.state, flag.bucket_by, Object.keys(variantsOf(flag))]);
}
