import { child } from '../../diagnostics/pointer.js';
import type { Part } from '../../project/project.js';
import type { Rule, RuleFinding } from '../../project/rule.js';
import { anchorsOf, namesOf } from '../logic/anchors.js';
import { type Formula, formulaOf, negate } from '../logic/formula.js';
import { type Knowledge, knowledgeOf } from '../logic/knowledge.js';
import { assume } from '../logic/reasoner.js';
import { SoundParts } from '../sound-parts.js';

const sound = new SoundParts();

export const shadowedRule: Rule = {
  code: 'logic/shadowed-rule',
  *check({ project }) {
    const knowledge = knowledgeOf(project);
    yield* sound.check(project, (part) => checkPart(part, knowledge));
  },
};

/** A rule is shadowed when it cannot match without an earlier one matching too. */
function* checkPart(part: Part, knowledge: Knowledge): Iterable<RuleFinding> {
  const { rules } = part.behaviour;
  if (!rules || rules.length < 2) return;
  const earlier = createEarlier(knowledge);
  for (const index of rules.keys()) {
    const formula = ruleFormula(part, index);
    const { contradiction, and } = assume(formula, knowledge);
    if (contradiction === undefined) {
      const hiding = earlier.candidates(formula).find((one) => and(one.opposite).contradiction !== undefined);
      if (hiding !== undefined) yield finding(part, index, hiding.index);
    }
    earlier.add(index, formula);
  }
}

interface EarlierRule {
  readonly index: number;
  readonly opposite: Formula;
}

/** The rules so far, filed so that not each has to be compared with each. */
function createEarlier(knowledge: Knowledge) {
  const anywhere: EarlierRule[] = [];
  const filed = new Map<string, EarlierRule[]>();
  const fileUnder = (name: string, rule: EarlierRule): void => {
    const rules = filed.get(name);
    if (rules === undefined) filed.set(name, [rule]);
    else rules.push(rule);
  };
  return {
    add(index: number, formula: Formula): void {
      const rule = { index, opposite: negate(formula) };
      const anchors = anchorsOf(formula, knowledge);
      if (anchors === undefined) anywhere.push(rule);
      else for (const name of anchors) fileUnder(name, rule);
    },
    /** Those that may hide a rule, in their order. */
    candidates(formula: Formula): EarlierRule[] {
      const named = [...namesOf(formula, knowledge)].flatMap((name) => filed.get(name) ?? []);
      return [...new Set([...anywhere, ...named])].sort((a, b) => a.index - b.index);
    },
  };
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
