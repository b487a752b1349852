import type { Comparison } from '../../model/condition.js';
import { settle } from '../attribute.js';
import type { Fault } from '../fault.js';
import type { Decide } from '../run.js';
import { fail, type Question, type Scope, type Test, unparsable } from '../scope.js';
import { describeAttribute, type Kind, told } from '../words.js';

/** Does an attribute satisfy the comparison at `now` (milliseconds since 1970)? */
export type ValueTest = (value: unknown, now: number) => boolean;

/** An operator that looks at an attribute. */
export interface ValueOperator {
  /** What it takes, for explanations; `its own type` is that of the operand. */
  readonly takes: Kind | 'its own type';
  /** `undefined` when the operand is invalid. */
  compile(comparison: Comparison): ValueTest | undefined;
  /**
   * The same test with reading in it, for what is asked most: one closure, written out for each operator, takes
   * half the time of three that call each other. It decides the common type itself and leaves all else to `test`.
   */
  fuse?(comparison: Comparison, read: Decide<unknown>, test: ValueTest): Test;
}

/** Compiles a comparison of one operator. */
export type CompileQuestion = (comparison: Comparison, scope: Scope) => Question;

/** The question whether the comparison's attribute satisfies the operator. */
export function onAttribute(operator: ValueOperator): CompileQuestion {
  return (comparison, scope) => {
    const { attribute = '' } = comparison;
    const read = scope.instrument.watch(scope.read(attribute));
    const satisfies = attribute === '' ? undefined : operator.compile(comparison);
    return {
      test: satisfies ? fused(operator, comparison, read, satisfies) : fail(invalid(comparison)),
      tell: (holds, seen) => told(holds, describeAttribute(attribute, seen, kindOf(operator, comparison))),
    };
  };
}

function fused(operator: ValueOperator, comparison: Comparison, read: Decide<unknown>, satisfies: ValueTest): Test {
  return operator.fuse?.(comparison, read, satisfies) ?? ((run) => satisfies(read(run), run.now));
}

function kindOf({ takes }: ValueOperator, { value }: Comparison): Kind {
  if (takes !== 'its own type') return takes;
  return typeof value === 'string' ? 'a string' : typeof value === 'number' ? 'a number' : 'a boolean';
}

function invalid({ attribute, operator }: Comparison): Fault {
  return unparsable(attribute ? `\`${operator}\` has an invalid value` : `\`${operator}\` names no attribute`);
}

/** A list attribute satisfies a test when any of its elements does. */
export function anyElement(test: ValueTest): ValueTest {
  return (value, now) =>
    typeof value === 'object' && Array.isArray(value) ? someElement(value, now, test) : test(value, now);
}

export function someElement(list: readonly unknown[], now: number, test: ValueTest): boolean {
  for (let index = 0; index < list.length; index += 1) {
    if (test(settle(list[index], ''), now)) return true;
  }
  return false;
}

/** The exact complement, of a missing attribute and one of another type too. */
export function complement(operator: ValueOperator): ValueOperator {
  return {
    takes: operator.takes,
    compile: (comparison) => {
      const test = operator.compile(comparison);
      return test && ((value, now) => !test(value, now));
    },
  };
}

/** The operand as a list of texts, be it one or several; `undefined` when it is neither. */
export function textsOf({ value }: Comparison): readonly string[] | undefined {
  const texts = Array.isArray(value) ? value : [value];
  return texts.every((text) => typeof text === 'string') ? texts : undefined;
}
