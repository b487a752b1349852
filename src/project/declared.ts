import { type AttributeType, TARGETING_KEY } from '../model/context.js';
import type { Json } from '../model/json.js';
import type { Project, WrittenComparisonPlace } from './project.js';
import type { WrittenAttribute } from './written.js';

/** An attribute whose type is known and checked. */
export interface Declared extends WrittenAttribute {
  readonly type: Exclude<AttributeType, 'any'>;
}

/** What `context` says of an attribute; `undefined` if it says nothing that could be checked. */
export function declaredType(project: Project, attribute: string | undefined): Declared | undefined {
  if (attribute === TARGETING_KEY) return { type: 'string' };
  const { context = {} } = project.config.data;
  if (attribute === undefined || !Object.hasOwn(context, attribute)) return undefined;
  const declared = context[attribute] as WrittenAttribute;
  return declared.type === 'any' ? undefined : (declared as Declared);
}

/** One value of a comparison: of a list, each. */
export interface Operand {
  readonly value: Json;
  readonly pointer: string;
}

export function operandsOf({ comparison, pointer }: WrittenComparisonPlace): Operand[] {
  const value = comparison.value as Json;
  const at = `${pointer}/value`;
  if (!Array.isArray(value)) return [{ value, pointer: at }];
  return value.map((item: Json, index) => ({ value: item, pointer: `${at}/${index}` }));
}
