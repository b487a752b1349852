import type { ValueOperator } from './operator.js';

/** The attribute is there and not null. */
export const exists: ValueOperator = {
  takes: 'anything',
  compile: () => (value) => value !== undefined && value !== null,
};
