import type { Comparison } from '../../model/condition.js';
import { fold } from '../fold.js';
import { lookUp } from '../run.js';
import { anyElement, someElement, textsOf, type ValueOperator } from './operator.js';

/** A text has the substring; a list has the element. */
export const contains: ValueOperator = {
  takes: 'a string',
  compile: ({ value, ignore_case }) => {
    if (typeof value !== 'string') return undefined;
    const form = formOf(ignore_case);
    const wanted = form(value);
    const isWanted = (element: unknown) => typeof element === 'string' && form(element) === wanted;
    return (attribute) => (run) => {
      const seen = lookUp(run, attribute);
      return typeof seen === 'string' ? form(seen).includes(wanted) : someElement(seen, run.now, isWanted);
    };
  },
};

export const startsWith = comparing((text, part) => text.startsWith(part));
export const endsWith = comparing((text, part) => text.endsWith(part));

/** An RE2 pattern is found anywhere in the text. */
export const matches: ValueOperator = {
  takes: 'a string',
  compile: ({ value, ignore_case }, { compileRegex }) => {
    const regex = typeof value === 'string' ? compileRegex(value, ignore_case) : undefined;
    if (regex === undefined || 'problem' in regex) return undefined;
    return anyElement((seen) => typeof seen === 'string' && regex.test(seen));
  },
};

/** Any of the operand's texts will do. */
function comparing(holds: (text: string, part: string) => boolean): ValueOperator {
  return {
    takes: 'a string',
    compile: (comparison) => {
      const form = formOf(comparison.ignore_case);
      const parts = textsOf(comparison)?.map(form);
      return parts && anyElement((seen) => typeof seen === 'string' && holdsForAny(form(seen), parts, holds));
    },
  };
}

function holdsForAny(text: string, parts: readonly string[], holds: (text: string, part: string) => boolean): boolean {
  return parts.some((part) => holds(text, part));
}

function formOf(ignoreCase: Comparison['ignore_case']): (text: string) => string {
  return ignoreCase ? fold : (text) => text;
}
