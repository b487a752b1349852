import type { Evaluation } from '../model/evaluation.js';
import type { Rule } from '../model/flag.js';
import type { Because } from './answers.js';
import { compileIf } from './conditions.js';
import { Fault } from './fault.js';
import { type FlagScope, type Step, tellStep } from './flag-scope.js';
import { fail } from './scope.js';
import { compileSplit } from './split.js';

/** A step for each rule, in order. */
export function compileRules(scope: FlagScope): readonly Step[] {
  return scope.subject.rules.map((rule) => compileRule(rule, scope));
}

function compileRule(rule: Rule, scope: FlagScope): Step {
  const step = compileIf(rule.conditions, compileOutcome(rule, scope), scope);
  return scope.instrument.step(`rule ${rule.name}`, step, tellStep);
}

function compileOutcome({ serve, split, ...rule }: Rule, scope: FlagScope): Step {
  if ((serve === undefined) === (split === undefined)) {
    return fail(new Fault(`rule \`${rule.name}\` must have either \`serve\` or \`split\``));
  }
  const because = becauseOf(rule);
  if (split === undefined) return always(scope.answers.serve(String(serve), 'TARGETING_MATCH', because));
  const options = { whole: true, serve: (variant: string) => scope.answers.serve(variant, 'SPLIT', because) };
  return compileSplit(split, options, scope);
}

function always(answer: Evaluation): Step {
  return () => answer;
}

/** The first segment that the rule requires of everyone. */
function becauseOf({ name, conditions }: Rule): Because {
  const membership = conditions.find((condition) => 'operator' in condition && condition.operator === 'in_segment');
  const segment = membership && 'value' in membership ? String(membership.value) : undefined;
  return segment === undefined ? { rule: name } : { rule: name, segment };
}
