import type { ModuloOperand } from '../../model/condition.js';
import { isObject } from '../object.js';
import { lookUp } from '../run.js';
import { type AttributeTest, anyElement, someElement, type ValueOperator } from './operator.js';

export const gt = comparing((operand) => (attribute) => (run) => {
  const seen = lookUp(run, attribute);
  return typeof seen === 'number' ? seen > operand : someNumber(seen, (element) => element > operand);
});

export const gte = comparing((operand) => (attribute) => (run) => {
  const seen = lookUp(run, attribute);
  return typeof seen === 'number' ? seen >= operand : someNumber(seen, (element) => element >= operand);
});

export const lt = comparing((operand) => (attribute) => (run) => {
  const seen = lookUp(run, attribute);
  return typeof seen === 'number' ? seen < operand : someNumber(seen, (element) => element < operand);
});

export const lte = comparing((operand) => (attribute) => (run) => {
  const seen = lookUp(run, attribute);
  return typeof seen === 'number' ? seen <= operand : someNumber(seen, (element) => element <= operand);
});

/** An integer attribute leaves this remainder, which is never negative. */
export const modulo: ValueOperator = {
  takes: 'an integer',
  compile: ({ value }) => {
    const operand = parseModulo(value);
    return operand && anyElement((seen) => Number.isInteger(seen) && leaves(Number(seen), operand));
  },
};

function comparing(compile: (operand: number) => AttributeTest): ValueOperator {
  return {
    takes: 'a number',
    compile: ({ value }) => (typeof value === 'number' && Number.isFinite(value) ? compile(value) : undefined),
  };
}

function someNumber(list: unknown, holds: (element: number) => boolean): boolean {
  return someElement(list, 0, (element) => typeof element === 'number' && holds(element));
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
