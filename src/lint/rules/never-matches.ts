import type { Rule, RuleFinding } from '../../project/rule.js';
import { type Conjunction, conjunctionsOf, conjunctionsOfSegments } from '../conjunctions.js';
import { formulaOf } from '../logic/formula.js';
import { type Knowledge, knowledgeOf } from '../logic/knowledge.js';
import { assume, type Contradiction } from '../logic/reasoner.js';
import { labelOf, relatedTo } from '../logic/wording.js';
import { SoundParts } from '../sound-parts.js';

const sound = new SoundParts();

export const neverMatches: Rule = {
  code: 'logic/never-matches',
  *check({ project }) {
    const knowledge = knowledgeOf(project);
    yield* sound.check(project, (part) => checkAll(conjunctionsOf(part), knowledge));
    yield* checkAll(conjunctionsOfSegments(project), knowledge);
  },
};

function* checkAll(conjunctions: Iterable<Conjunction>, knowledge: Knowledge): Iterable<RuleFinding> {
  for (const conjunction of conjunctions) {
    const { contradiction } = assume(formulaOf(conjunction), knowledge);
    if (contradiction !== undefined) yield finding(conjunction, contradiction);
  }
}

const WHAT: Readonly<Record<Conjunction['owner'], string>> = {
  rule: 'the rule can never match',
  experiment: 'the experiment takes nobody',
  segment: 'the conditions of the segment can never hold',
};

function finding({ owner, file, pointer }: Conjunction, { subject, literals }: Contradiction): RuleFinding {
  return {
    file,
    pointer: owner === 'segment' ? pointer : pointer.slice(0, -'/conditions'.length),
    target: 'key',
    message: `${WHAT[owner]}: ${reason(subject, literals.length)}`,
    help: 'mend or remove what contradicts; for "one or the other" write `any`',
    related: literals.map(relatedTo),
  };
}

function reason(subject: Contradiction['subject'], count: number): string {
  const label = labelOf(subject);
  return count === 1
    ? `nothing satisfies its condition on ${label}`
    : `its conditions on ${label} contradict each other`;
}
