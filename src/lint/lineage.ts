import type { Project } from '../project/project.js';

/** A segment and its ancestors, nearest first; each once, even if they go in a circle. */
export function lineageOf({ segments }: Project, key: string): string[] {
  const lineage = new Set<string>();
  let next: string | undefined = key;
  while (next !== undefined && !lineage.has(next)) {
    lineage.add(next);
    next = segments.get(next)?.data.parent;
  }
  return [...lineage];
}
