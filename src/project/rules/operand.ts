import { child } from '../../diagnostics/pointer.js';
import type { ModuloOperand } from '../../model/condition.js';
import { comparisonsWith } from '../comparisons.js';
import { type Declared, declaredType, type Operand, operandsOf } from '../declared.js';
import { EQUALITY, JSON_TYPES_OF } from '../operand-types.js';
import type { Project, WrittenComparisonPlace } from '../project.js';
import type { RuleFinding, SubjectRule } from '../rule.js';
import { showValue } from '../show.js';

export const operand: SubjectRule = {
  code: 'type/operand',
  *check(subject, project) {
    for (const place of comparisonsWith(subject, ['modulo'])) yield* checkModulo(place);
    for (const place of comparisonsWith(subject, EQUALITY)) yield* checkEquality(project, place);
  },
};

function* checkModulo({ comparison, file, pointer }: WrittenComparisonPlace): Iterable<RuleFinding> {
  const { divisor, remainder } = comparison.value as unknown as ModuloOperand;
  if (remainder < divisor) return;
  yield {
    file,
    pointer: child(pointer, 'value', 'remainder'),
    message: `dividing by ${divisor} never leaves ${remainder}`,
    help: `the remainder is at most ${divisor - 1}`,
  };
}

function* checkEquality(project: Project, place: WrittenComparisonPlace): Iterable<RuleFinding> {
  const declared = declaredType(project, place.comparison.attribute);
  if (declared === undefined) return;
  const fitting: readonly string[] = JSON_TYPES_OF[declared.type];
  for (const one of operandsOf(place)) {
    if (!fitting.includes(typeof one.value)) yield misfit(project, place, declared, one);
  }
}

function misfit(
  project: Project,
  place: WrittenComparisonPlace,
  declared: Declared,
  { value, pointer }: Operand,
): RuleFinding {
  const { file, comparison } = place;
  const shown = showValue(project, { file, pointer }, value);
  const isTextMeant = JSON_TYPES_OF[declared.type][0] === 'string';
  return {
    file,
    pointer,
    message: `${shown} is a ${typeof value}, but \`${comparison.attribute}\` is of type ${declared.type}`,
    help: isTextMeant
      ? `quote it: '${shown.replaceAll('`', '')}'`
      : `write a ${declared.type}, or change the type in \`context\``,
  };
}
