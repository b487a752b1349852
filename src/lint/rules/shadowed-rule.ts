import { child } from '../../diagnostics/pointer.js';
import type { Part } from '../../project/project.js';
import type { Rule, RuleFinding } from '../../project/rule.js';
import { type Formula, formulaOf, negate } from '../logic/formula.js';
import { type Knowledge, knowledgeOf } from '../logic/knowledge.js';
import { assume } from '../logic/reasoner.js';

export const shadowedRule: Rule = {
  code: 'logic/shadowed-rule',
  *check({ project }) {
    const knowledge = knowledgeOf(project);
    for (const part of project.parts) yield* checkPart(part, knowledge);
  },
};

/** A rule is shadowed when it cannot match without an earlier one matching too. */
function* checkPart(part: Part, knowledge: Knowledge): Iterable<RuleFinding> {
  const { rules } = part.behaviour;
  if (!rules || rules.length < 2) return;
  const formulas = rules.map((_, index) => ruleFormula(part, index));
  const opposites = formulas.map(negate);
  for (const [index, formula] of formulas.entries()) {
    const assumption = assume(formula, knowledge);
    if (assumption.contradiction !== undefined) continue;
    const hiding = opposites
      .slice(0, index)
      .findIndex((opposite) => assumption.and(opposite).contradiction !== undefined);
    if (hiding !== -1) yield finding(part, index, hiding);
  }
}

function ruleFormula({ file, pointer, behaviour }: Part, index: number): Formula {
  const conditions = behaviour.rules?.[index]?.conditions ?? [];
  return formulaOf({ file, pointer: child(pointer, 'rules', index, 'conditions'), conditions });
}

function finding(part: Part, index: number, hiding: number): RuleFinding {
  return {
    ...placeOf(part, index),
    message: `${nameOf(part, index)} never decides: ${nameOf(part, hiding)} before it takes everyone who matches it`,
    help: 'put the narrower rule first, or remove it',
    related: [{ ...placeOf(part, hiding), message: 'this rule comes first' }],
  };
}

function placeOf({ file, pointer }: Part, index: number): { file: string; pointer: string; target: 'key' } {
  return { file, pointer: child(pointer, 'rules', index), target: 'key' };
}

function nameOf({ behaviour }: Part, index: number): string {
  const name = behaviour.rules?.[index]?.name;
  return name === undefined ? `rule ${index + 1}` : `rule \`${name}\``;
}
