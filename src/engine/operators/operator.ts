import type { Comparison } from '../../model/condition.js';
import { settle } from '../attribute.js';
import type { Fault } from '../fault.js';
import type { Notations } from '../notations.js';
import { createRun, lookUp, type Run } from '../run.js';
import { fail, type Question, type Scope, type Test, unparsable } from '../scope.js';
import { describeAttribute, type Kind, told } from '../words.js';

/** Does a value satisfy the comparison at `now` (milliseconds since 1970)? */
export type ValueTest = (value: unknown, now: number) => boolean;

/**
 * Does the attribute of this number satisfy the comparison? The operators that flags use most each have a closure
 * of their own that reads, looks at the type and compares: calls are what an evaluation spends its time on.
 */
export type AttributeTest = (attribute: number) => Test;

/** An operator that looks at an attribute. */
export interface ValueOperator {
  /** What it takes, for explanations; `its own type` is that of the operand. */
  readonly takes: Kind | 'its own type';
  /** `undefined` when the operand is invalid. */
  compile(comparison: Comparison, notations: Notations): AttributeTest | undefined;
}

/** Compiles a comparison of one operator. */
export type CompileQuestion = (comparison: Comparison, scope: Scope) => Question;

/** The question whether the comparison's attribute satisfies the operator. */
export function onAttribute(operator: ValueOperator): CompileQuestion {
  return (comparison, scope) => {
    const { attribute = '' } = comparison;
    const number = scope.attribute(attribute);
    const see = (run: Run) => lookUp(run, number);
    const satisfies = attribute === '' ? undefined : operator.compile(comparison, scope.notations);
    return {
      test: satisfies ? scope.instrument.about(see, satisfies(number)) : fail(invalid(comparison)),
      tell: (holds, seen) =>
        told(holds, describeAttribute(attribute, seen, kindOf(operator, comparison), scope.notations)),
    };
  };
}

function kindOf({ takes }: ValueOperator, { value }: Comparison): Kind {
  if (takes !== 'its own type') return takes;
  return typeof value === 'string' ? 'a string' : typeof value === 'number' ? 'a number' : 'a boolean';
}

function invalid({ attribute, operator }: Comparison): Fault {
  return unparsable(attribute ? `\`${operator}\` has an invalid value` : `\`${operator}\` names no attribute`);
}

/** A list attribute satisfies a test when any of its elements does. */
export function anyElement(test: ValueTest): AttributeTest {
  return (attribute) => (run) => {
    const value = lookUp(run, attribute);
    return typeof value === 'object' ? someElement(value, run.now, test) : test(value, run.now);
  };
}

/** Does any element of a list pass? Nothing that is no list has elements. */
export function someElement(list: unknown, now: number, test: ValueTest): boolean {
  return Array.isArray(list) && list.some((element) => test(settle(element, ''), now));
}

/** The exact complement, of a missing attribute and one of another type too. */
export function complement(operator: ValueOperator): ValueOperator {
  return {
    takes: operator.takes,
    compile: (comparison, notations) => {
      const test = operator.compile(comparison, notations);
      return test && ((attribute) => negate(test(attribute)));
    },
  };
}

/** The test of a value alone, for those who have no context. */
export function ofValue(satisfies: AttributeTest): ValueTest {
  let value: unknown;
  const run = createRun({ nodes: 0, readers: [() => value] });
  const test = satisfies(0);
  return (asked, now) => {
    value = asked;
    run.now = now;
    run.generation += 1;
    return test(run);
  };
}

function negate(test: Test): Test {
  return (run) => !test(run);
}

/** The operand as a list of texts, be it one or several; `undefined` when it is neither. */
export function textsOf({ value }: Comparison): readonly string[] | undefined {
  const texts = Array.isArray(value) ? value : [value];
  return texts.every((text) => typeof text === 'string') ? texts : undefined;
}
