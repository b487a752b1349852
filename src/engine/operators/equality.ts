import type { Comparison } from '../../model/condition.js';
import { fold } from '../fold.js';
import { anyElement, type ValueOperator, type ValueTest } from './operator.js';

/** Same type and equal. */
export const eq: ValueOperator = {
  takes: 'its own type',
  compile: ({ value, ignore_case }) => {
    if (!isScalar(value)) return undefined;
    return anyElement(ignore_case && typeof value === 'string' ? equalsFolded(fold(value)) : (seen) => seen === value);
  },
};

/** Equal to one of a list. */
export const isIn: ValueOperator = {
  takes: 'anything',
  compile: ({ value, ignore_case }) => {
    if (!Array.isArray(value) || !value.every(isScalar)) return undefined;
    return anyElement(ignore_case ? isOneOfFolded(value) : isOneOf(value));
  },
  fuse: ({ value, ignore_case }, read, test) => {
    if (ignore_case) return (run) => test(read(run), run.now);
    const set = new Set(value as readonly unknown[]);
    return (run) => {
      const seen = read(run);
      return typeof seen === 'string' ? set.has(seen) : test(seen, run.now);
    };
  },
};

function isScalar(value: Comparison['value']): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value);
}

function equalsFolded(folded: string): ValueTest {
  return (value) => typeof value === 'string' && fold(value) === folded;
}

function isOneOf(values: readonly unknown[]): ValueTest {
  const set = new Set(values);
  return (value) => set.has(value);
}

function isOneOfFolded(values: readonly unknown[]): ValueTest {
  const folded = new Set(values.map(foldScalar));
  return (value) => folded.has(foldScalar(value));
}

function foldScalar(value: unknown): unknown {
  return typeof value === 'string' ? fold(value) : value;
}
