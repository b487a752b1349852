import type { GateRule } from '../rule.js';

/** The gate, in the order of the catalogue. */
export const gateRules: readonly GateRule[] = [];
