import type { Comparison, Condition } from '../model/condition.js';
import { Fault } from './fault.js';
import { operators } from './operators/index.js';
import type { Decide } from './run.js';
import { fail, type Question, type Scope, type Test } from './scope.js';
import { show, told } from './words.js';

/** Groups within groups; deeper ones are a fault, so that no condition can exhaust the stack. */
const MAX_CONDITION_DEPTH = 100;

const KINDS = ['all', 'any', 'not', 'operator'];
const NO_CONDITION = new Fault('a condition is one of a comparison, `all`, `any` and `not`', 'PARSE_ERROR');

interface Tree {
  readonly test: Test;
  /** A tree without a comparison in it never holds, not even under `not`. */
  readonly hasLeaf: boolean;
}

/** Do all of the conditions hold? Never, if there are none. */
export function compileConditions(conditions: readonly Condition[], scope: Scope): Test {
  return every(testsOf(conditions, scope));
}

/** `then`, if all of the conditions hold, else nothing. */
export function compileIf<T>(conditions: readonly Condition[], then: Decide<T>, scope: Scope): Decide<T | undefined> {
  return ifAll(testsOf(conditions, scope), then, undefined);
}

function testsOf(conditions: readonly Condition[], scope: Scope): readonly Test[] {
  return conditions.map((condition) => compileTree(condition, scope, 1).test);
}

function compileTree(condition: Condition, scope: Scope, depth: number): Tree {
  if (KINDS.filter((kind) => kind in condition).length !== 1) return leaf(fail(NO_CONDITION));
  if (depth > MAX_CONDITION_DEPTH) return leaf(fail(new Fault('the conditions are nested too deeply')));
  const inner = (conditions: readonly Condition[]) => conditions.map((each) => compileTree(each, scope, depth + 1));
  if ('all' in condition) return group('all', all(inner(condition.all)), scope);
  if ('any' in condition) return group('any', any(inner(condition.any)), scope);
  if ('not' in condition) return group('not', not(compileTree(condition.not, scope, depth + 1)), scope);
  return leaf(compileComparison(condition, scope));
}

function leaf(test: Test): Tree {
  return { test, hasLeaf: true };
}

function group(name: string, tree: Tree, { instrument }: Scope): Tree {
  const tell = (holds: boolean) => told(holds, tree.hasLeaf ? '' : 'there is no condition in it');
  return { ...tree, test: instrument.step(name, tree.test, tell) };
}

function all(trees: readonly Tree[]): Tree {
  const hasLeaf = trees.some((tree) => tree.hasLeaf);
  const tests = trees.map((tree) => tree.test);
  return { hasLeaf, test: every(tests) };
}

function any(trees: readonly Tree[]): Tree {
  const tests = trees.map((tree) => tree.test);
  return { hasLeaf: trees.some((tree) => tree.hasLeaf), test: some(tests) };
}

function not({ test, hasLeaf }: Tree): Tree {
  return { hasLeaf, test: hasLeaf ? (run) => !test(run) : never };
}

function never(): boolean {
  return false;
}

function every(tests: readonly Test[]): Test {
  return ifAll(tests, () => true, false);
}

/** Few conditions are the rule; written out they cost half of what a loop does. */
function ifAll<T>(tests: readonly Test[], then: Decide<T>, otherwise: T): Decide<T> {
  const [a = never, b = never, c = never] = tests;
  switch (tests.length) {
    case 0:
    case 1:
      return (run) => (a(run) ? then(run) : otherwise);
    case 2:
      return (run) => (a(run) && b(run) ? then(run) : otherwise);
    case 3:
      return (run) => (a(run) && b(run) && c(run) ? then(run) : otherwise);
    default:
      return (run) => (tests.every((test) => test(run)) ? then(run) : otherwise);
  }
}

function some(tests: readonly Test[]): Test {
  return (run) => {
    for (const test of tests) {
      if (test(run)) return true;
    }
    return false;
  };
}

function compileComparison(comparison: Comparison, scope: Scope): Test {
  const { test, tell } = ask(comparison, scope);
  return scope.instrument.step(title(comparison), test, tell);
}

function ask(comparison: Comparison, scope: Scope): Question {
  const { operator } = comparison;
  if (Object.hasOwn(operators, operator)) return operators[operator](comparison, scope);
  return { test: fail(new Fault(`there is no operator \`${operator}\``)), tell: (holds) => told(holds, '') };
}

/** `plan eq "pro"` */
function title({ attribute, flag, operator, value }: Comparison): string {
  return [attribute ?? flag, operator, value === undefined ? undefined : show(value)]
    .filter((part) => part !== undefined)
    .join(' ');
}
