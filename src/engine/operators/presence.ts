import { lookUp } from '../run.js';
import type { ValueOperator } from './operator.js';

/** The attribute is there and not null. */
export const exists: ValueOperator = {
  takes: 'anything',
  compile: () => (attribute) => (run) => {
    const value = lookUp(run, attribute);
    return value !== undefined && value !== null;
  },
};
