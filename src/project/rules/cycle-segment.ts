import { cyclesOf, toFinding } from '../cycles.js';
import type { WholeRule } from '../rule.js';

/** Circles of nothing but segments. */
export const cycleSegment: WholeRule = {
  code: 'cycle/segment',
  check: (project) => {
    const cycles = cyclesOf(project).filter(({ kind }) => kind === 'segment');
    return cycles.map((cycle) => toFinding(cycle, project));
  },
};
