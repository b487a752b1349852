import type { Comparison } from '../../model/condition.js';
import { fold } from '../fold.js';
import { lookUp } from '../run.js';
import { type AttributeTest, anyElement, someElement, type ValueOperator } from './operator.js';

/** Same type and equal. */
export const eq: ValueOperator = {
  takes: 'its own type',
  compile: ({ value, ignore_case }) => {
    if (!isScalar(value)) return undefined;
    return ignore_case && typeof value === 'string' ? equalsFolded(fold(value)) : equals(value);
  },
};

/** Equal to one of a list. */
export const isIn: ValueOperator = {
  takes: 'anything',
  compile: ({ value, ignore_case }) => {
    if (!Array.isArray(value) || !value.every(isScalar)) return undefined;
    return ignore_case ? isOneOfFolded(value) : isOneOf(value);
  },
};

function isScalar(value: Comparison['value']): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value);
}

function equals(wanted: unknown): AttributeTest {
  return (attribute) => (run) => {
    const seen = lookUp(run, attribute);
    return typeof seen === 'object' ? someElement(seen, 0, (element) => element === wanted) : seen === wanted;
  };
}

function equalsFolded(folded: string): AttributeTest {
  return anyElement((value) => typeof value === 'string' && fold(value) === folded);
}

function isOneOf(values: readonly unknown[]): AttributeTest {
  const set = new Set(values);
  return (attribute) => (run) => {
    const seen = lookUp(run, attribute);
    return typeof seen === 'object' ? someElement(seen, 0, (element) => set.has(element)) : set.has(seen);
  };
}

function isOneOfFolded(values: readonly unknown[]): AttributeTest {
  const folded = new Set(values.map(foldScalar));
  return anyElement((value) => folded.has(foldScalar(value)));
}

function foldScalar(value: unknown): unknown {
  return typeof value === 'string' ? fold(value) : value;
}
