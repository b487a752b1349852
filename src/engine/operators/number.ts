import type { ModuloOperand } from '../../model/condition.js';
import { isObject } from '../object.js';
import { anyElement, type ValueOperator } from './operator.js';

export const gt: ValueOperator = {
  takes: 'a number',
  compile: comparing((seen, operand) => seen > operand),
  fuse: ({ value }, read, test) => {
    const operand = Number(value);
    return (run) => {
      const seen = read(run);
      return typeof seen === 'number' ? seen > operand : test(seen, run.now);
    };
  },
};

export const gte: ValueOperator = {
  takes: 'a number',
  compile: comparing((seen, operand) => seen >= operand),
  fuse: ({ value }, read, test) => {
    const operand = Number(value);
    return (run) => {
      const seen = read(run);
      return typeof seen === 'number' ? seen >= operand : test(seen, run.now);
    };
  },
};

export const lt: ValueOperator = {
  takes: 'a number',
  compile: comparing((seen, operand) => seen < operand),
  fuse: ({ value }, read, test) => {
    const operand = Number(value);
    return (run) => {
      const seen = read(run);
      return typeof seen === 'number' ? seen < operand : test(seen, run.now);
    };
  },
};

export const lte: ValueOperator = {
  takes: 'a number',
  compile: comparing((seen, operand) => seen <= operand),
  fuse: ({ value }, read, test) => {
    const operand = Number(value);
    return (run) => {
      const seen = read(run);
      return typeof seen === 'number' ? seen <= operand : test(seen, run.now);
    };
  },
};

/** An integer attribute leaves this remainder, which is never negative. */
export const modulo: ValueOperator = {
  takes: 'an integer',
  compile: ({ value }) => {
    const operand = parseModulo(value);
    return operand && anyElement((seen) => Number.isInteger(seen) && leaves(Number(seen), operand));
  },
};

function comparing(holds: (seen: number, operand: number) => boolean): ValueOperator['compile'] {
  return ({ value }) => {
    if (typeof value !== 'number' || !Number.isFinite(value)) return undefined;
    return anyElement((seen) => typeof seen === 'number' && holds(seen, value));
  };
}

function parseModulo(value: unknown): ModuloOperand | undefined {
  const { divisor, remainder } = isObject(value) ? value : {};
  const valid = isCount(divisor) && isCount(remainder) && remainder < divisor;
  return valid ? { divisor, remainder } : undefined;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

/** Not by adding the divisor first: that would round where the two are large. */
function leaves(value: number, { divisor, remainder }: ModuloOperand): boolean {
  const rest = value % divisor;
  return (rest < 0 ? rest + divisor : rest) === remainder;
}
