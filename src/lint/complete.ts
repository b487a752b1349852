import { kindOf } from '../project/kind.js';
import type { Project } from '../project/project.js';

/** Could everything be read that may use something else? What a broken file uses nobody knows. */
export function isComplete({ files, flags, segments, groups, overrides, duplicates }: Project): boolean {
  const using = files.filter(({ path }) => USING.has(kindOf(path) ?? ''));
  return using.length === flags.size + segments.size + groups.size + overrides.length + duplicates.length;
}

const USING: ReadonlySet<string> = new Set(['flag', 'override', 'segment', 'group']);
