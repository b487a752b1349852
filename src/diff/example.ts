import { type Context, TARGETING_KEY } from '../model/context.js';
import { unitPrefix } from './population.js';
import { type Outcome, outcomeOf, type Sides } from './sides.js';

const MOST_TRIES = 200_000;

/** Finds somebody to whom `wanted` happens when hashes alone decide, by trying one unit after the other. */
export function findExample(
  sides: Sides,
  flag: string,
  units: ReadonlySet<string>,
  wanted: Outcome & { readonly share: number },
  now: number,
): Context | undefined {
  const tries = Math.min(MOST_TRIES, Math.ceil(20 / wanted.share));
  const names = [TARGETING_KEY, ...[...units].filter((name) => name !== '' && name !== TARGETING_KEY)];
  for (let number = 1; number <= tries; number += 1) {
    const context = Object.fromEntries(names.map((name) => [name, `${unitPrefix(name)}-${number}`]));
    if (isSame(outcomeOf(sides, flag, context, now), wanted)) return context;
  }
  return undefined;
}

/** The same example without the attributes that make no difference. */
export function smallest(sides: Sides, flag: string, context: Context, wanted: Outcome, now: number): Context {
  let small = context;
  for (const name of Object.keys(context)) {
    if (name === TARGETING_KEY) continue;
    const { [name]: _, ...rest } = small;
    if (isSame(outcomeOf(sides, flag, rest, now), wanted)) small = rest;
  }
  return small;
}

function isSame(a: Outcome, b: Outcome): boolean {
  return a.from === b.from && a.to === b.to;
}
