import { cyclesOf, toFinding } from '../cycles.js';
import type { GateRule } from '../rule.js';

/** Circles of nothing but segments. */
export const cycleSegment: GateRule = {
  code: 'cycle/segment',
  check: (project) => {
    const cycles = cyclesOf(project).filter(({ kind }) => kind === 'segment');
    return cycles.map((cycle) => toFinding(cycle, project));
  },
};
