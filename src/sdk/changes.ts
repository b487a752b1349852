import { momentsOf } from '../engine/boundaries.js';
import { type References, referencesOfFlag, referencesOfSegment } from '../engine/references.js';
import type { Definitions } from '../model/definitions.js';

/**
 * The flags that may answer otherwise, sorted: those whose definitions differ, and those that reach one of them, or a
 * segment that differs, through conditions, parents and prerequisites.
 */
export function changedKeys(before: Definitions, after: Definitions): readonly string[] {
  const changed = {
    flags: differing(before.flags, after.flags),
    segments: differing(before.segments, after.segments),
  };
  return sorted([...reaching(before, changed), ...reaching(after, changed)]);
}

/** The flags whose answers time alone may have changed since, sorted. @param from, to milliseconds since 1970 */
export function changedByTime(definitions: Definitions, from: number, to: number): readonly string[] {
  const [early, late] = from < to ? [from, to] : [to, from];
  const active = definitions.flags.filter(({ state }) => state === 'active');
  const moved = active.filter((flag) => momentsOf(flag).some((moment) => moment > early && moment <= late));
  return sorted(reaching(definitions, { flags: new Set(moved.map(({ key }) => key)), segments: new Set() }));
}

function sorted(keys: Iterable<string>): readonly string[] {
  return [...new Set(keys)].sort();
}

/** A batch leaves what has not changed as it is, so most are the same object. */
function differing<T extends { readonly key: string }>(before: readonly T[], after: readonly T[]): Set<string> {
  const old = new Map(before.map((each) => [each.key, each]));
  const present = new Set(after.map(({ key }) => key));
  const updated = after.filter((each) => isOther(old.get(each.key), each));
  const removed = before.filter(({ key }) => !present.has(key));
  return new Set([...updated, ...removed].map(({ key }) => key));
}

function isOther(before: unknown, after: unknown): boolean {
  return before !== after && JSON.stringify(before) !== JSON.stringify(after);
}

/** The changed flags, and all that lead to something changed. */
function reaching(definitions: Definitions, changed: References): readonly string[] {
  if (changed.flags.size + changed.segments.size === 0) return [];
  const askers = askersIn(definitions);
  const reached = new Set(nodesOf(changed));
  for (const node of reached) {
    for (const asker of askers.get(node) ?? []) reached.add(asker);
  }
  return [...reached].filter((node) => node.startsWith(FLAG)).map((node) => node.slice(FLAG.length));
}

/** Who asks about each flag and segment. */
function askersIn({ flags, segments }: Definitions): ReadonlyMap<string, readonly string[]> {
  const askers = new Map<string, string[]>();
  for (const flag of flags) note(`${FLAG}${flag.key}`, referencesOfFlag(flag));
  for (const segment of segments) note(`${SEGMENT}${segment.key}`, referencesOfSegment(segment));
  return askers;

  function note(asker: string, references: References): void {
    for (const node of nodesOf(references)) {
      const known = askers.get(node);
      if (known === undefined) askers.set(node, [asker]);
      else known.push(asker);
    }
  }
}

const FLAG = 'flag:';
const SEGMENT = 'segment:';

function nodesOf({ flags, segments }: References): string[] {
  return [...[...flags].map((key) => FLAG + key), ...[...segments].map((key) => SEGMENT + key)];
}
