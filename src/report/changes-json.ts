import type { Delta } from '../diff/delta.js';

/** A diff as JSON; its shape is `schemas/output/diff.schema.json`. */
export function changesJson(delta: Delta): string {
  return `${JSON.stringify(changesData(delta), null, 2)}\n`;
}

/** The diff as data, the impact and the population it rests on side by side. */
export function changesData({ from, to, changes, reach, hazards, impact }: Delta): object {
  return {
    from,
    to,
    changes,
    reach,
    hazards,
    ...(impact ? { impact: impact.flags } : {}),
    ...(impact?.population ? { population: impact.population } : {}),
  };
}
