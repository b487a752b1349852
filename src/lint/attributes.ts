import type { Place } from '../diagnostics/diagnostic.js';
import { child } from '../diagnostics/pointer.js';
import { TARGETING_KEY } from '../model/context.js';
import type { Project } from '../project/project.js';
import type { WrittenAttribute, WrittenComparison } from '../project/written.js';

/** That some place reads an attribute of the context. */
export interface AttributeRead {
  readonly attribute: string;
  readonly place: Place;
}

/** Every place that reads an attribute: comparisons, and what is hashed. */
export function* attributeReads(project: Project): Iterable<AttributeRead> {
  for (const { comparison, file, pointer } of project.comparisons) {
    const attribute = attributeOf(comparison);
    if (attribute !== undefined) yield { attribute, place: { file, pointer: child(pointer, 'attribute') } };
  }
  for (const { file, data } of [...project.flags.values(), ...project.groups.values()]) {
    if (data.bucket_by !== undefined) yield { attribute: data.bucket_by, place: { file, pointer: '/bucket_by' } };
  }
}

/** `in_segment` may carry `attribute: segment`, which reads nothing. */
function attributeOf({ operator, attribute }: WrittenComparison): string | undefined {
  return operator === 'in_segment' || operator === 'not_in_segment' ? undefined : attribute;
}

type Declared = Readonly<Record<string, WrittenAttribute>>;

/** Is the attribute declared, or a part of one that is declared as `any`? */
export function isDeclared(attribute: string, context: Declared): boolean {
  return declarationOf(attribute, context) !== undefined;
}

/** The declared attribute that a read reads from: `address` for `address.city`, if that is an `any`. */
export function declarationOf(attribute: string, context: Declared): string | undefined {
  if (attribute === TARGETING_KEY || Object.hasOwn(context, attribute)) return attribute;
  return holdersOf(attribute).find((holder) => Object.hasOwn(context, holder) && context[holder]?.type === 'any');
}

/** `a.b.c` may be read from `a.b` or from `a`. */
function holdersOf(attribute: string): string[] {
  const steps = attribute.split('.');
  return steps.slice(1).map((_, index) => steps.slice(0, steps.length - 1 - index).join('.'));
}
