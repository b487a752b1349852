import { child } from '../../diagnostics/pointer.js';
import { didYouMean } from '../../diagnostics/suggest.js';
import { fold } from '../../engine/fold.js';
import type { Json } from '../../model/json.js';
import { comparisonsWith } from '../comparisons.js';
import { declaredType, operandsOf } from '../declared.js';
import { EQUALITY, JSON_TYPES_OF } from '../operand-types.js';
import type { Project, WrittenComparisonPlace } from '../project.js';
import type { RuleFinding, SubjectRule } from '../rule.js';
import { showValue } from '../show.js';
import type { WrittenAttribute } from '../written.js';

/** Values in conditions, and the declarations themselves. */
export const enumValue: SubjectRule = {
  code: 'type/enum',
  *check(subject, project) {
    for (const [name, attribute] of Object.entries(subject.config?.data.context ?? {})) {
      yield* checkDeclaration(project, child('/context', name), attribute);
    }
    for (const place of comparisonsWith(subject, EQUALITY)) yield* checkOperands(project, place);
  },
};

function* checkOperands(project: Project, place: WrittenComparisonPlace): Iterable<RuleFinding> {
  const { attribute, ignore_case: ignoreCase = false } = place.comparison;
  const declared = declaredType(project, attribute);
  if (declared?.enum === undefined) return;
  const known = new Set(declared.enum.map((value) => comparable(value, ignoreCase)));
  const types: readonly string[] = JSON_TYPES_OF[declared.type];
  for (const { value, pointer } of operandsOf(place)) {
    if (!types.includes(typeof value) || known.has(comparable(value, ignoreCase))) continue;
    const names = declared.enum.map(String);
    yield {
      file: place.file,
      pointer,
      message: `\`${attribute}\` is never ${showValue(project, { file: place.file, pointer }, value)}`,
      help: didYouMean(String(value), names) ?? `\`context\` declares ${names.map((name) => `\`${name}\``).join(', ')}`,
    };
  }
}

function comparable(value: Json, ignoreCase: boolean): Json {
  return ignoreCase && typeof value === 'string' ? fold(value) : value;
}

function* checkDeclaration(project: Project, pointer: string, attribute: WrittenAttribute): Iterable<RuleFinding> {
  const { type, enum: values = [], weights } = attribute;
  const file = project.config.file;
  if (weights !== undefined && weights.length !== values.length) {
    const message = `${weights.length} weights for ${values.length} values`;
    yield { file, pointer: `${pointer}/weights`, message, help: 'give `enum`, and one weight for each of its values' };
  }
  for (const [index, value] of values.entries()) {
    if (type === 'any' || (JSON_TYPES_OF[type] as readonly string[]).includes(typeof value)) continue;
    const at = child(pointer, 'enum', index);
    yield {
      file,
      pointer: at,
      message: `${showValue(project, { file, pointer: at }, value)} cannot be the value of an attribute of type ${type}`,
      help: 'change the value or the type',
    };
  }
}
