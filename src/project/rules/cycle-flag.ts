import { cyclesOf, toFinding } from '../cycles.js';
import type { WholeRule } from '../rule.js';

/** Circles through a flag, also those that go through segments. */
export const cycleFlag: WholeRule = {
  code: 'cycle/flag',
  check: (project) => {
    const cycles = cyclesOf(project).filter(({ kind }) => kind === 'flag');
    return cycles.map((cycle) => toFinding(cycle, project));
  },
};
