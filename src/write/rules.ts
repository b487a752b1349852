import { Refusal } from '../diagnostics/refusal.js';
import { didYouMean } from '../diagnostics/suggest.js';
import type { JsonObject } from '../model/json.js';
import type { Edit } from './change.js';
import { fieldOf, withCollection } from './fields.js';

/** Where in the list: rules by name, or by number from 1. The end, if left out. */
export type Position = { readonly before: string } | { readonly after: string } | 'first' | 'last';

export function addRule(rule: JsonObject, position: Position): Edit {
  return editRules((rules) => rules.toSpliced(indexOf(rules, position), 0, rule));
}

export function removeRule(name: string): Edit {
  return editRules((rules) => rules.toSpliced(findRule(rules, name), 1));
}

export function moveRule(name: string, position: Position): Edit {
  return editRules((rules) => {
    const from = findRule(rules, name);
    const to = indexOf(rules, position);
    return rules.toSpliced(from, 1).toSpliced(to > from ? to - 1 : to, 0, rules[from] as JsonObject);
  });
}

type Rules = readonly JsonObject[];

function editRules(change: (rules: Rules) => Rules): Edit {
  return (part, inherited) => {
    const rules = (fieldOf(part, inherited, 'rules') ?? []) as unknown as Rules;
    return withCollection(part, inherited, 'rules', [...change(rules)]);
  };
}

function indexOf(rules: Rules, position: Position): number {
  if (position === 'first') return 0;
  if (position === 'last') return rules.length;
  return 'before' in position ? findRule(rules, position.before) : findRule(rules, position.after) + 1;
}

/** @throws Refusal when no rule has this name, or number */
function findRule(rules: Rules, name: string): number {
  const named = rules.findIndex((rule) => rule.name === name);
  if (named !== -1) return named;
  const number = /^(?:rule )?([1-9]\d*)$/.exec(name)?.[1];
  if (number !== undefined && Number(number) <= rules.length) return Number(number) - 1;
  const names = rules.map((rule) => String(rule.name));
  const help = rules.length === 0 ? 'there are no rules here' : `the rules are ${names.map(shown).join(', ')}`;
  throw new Refusal('not-found', `there is no rule \`${name}\``, { help: didYouMean(name, names) ?? help });
}

function shown(name: string, index: number): string {
  return name === 'undefined' ? `rule ${index + 1}` : `\`${name}\``;
}
