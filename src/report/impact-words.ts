import type { Impact, NamedTransition } from '../diff/impact.js';
import type { Population } from '../diff/population.js';
import type { Transition } from '../diff/transition.js';

/** A share of users for people: `12.5%`, `< 0.001%`. */
function shareWords(share: number): string {
  const percent = Math.round(share * 1e5) / 1e3;
  return share > 0 && percent === 0 ? '< 0.001%' : `${percent}%`;
}

/** `25% of users, exactly`, `18% of contexts, at most 25% of users`, `2 users by name`. */
export function impactWords({ share, exact, at_most = 1, at, named = [] }: Impact): string {
  const parts = [
    ...(exact && share === 0 ? [] : [amountWords(share, exact)]),
    ...(at_most === 1 ? [] : [`at most ${shareWords(at_most)} of users`]),
    ...(named.length === 0 ? [] : [usersWords(named)]),
    ...(at === undefined ? [] : [`from ${at.replace('.000Z', 'Z')} on`]),
  ];
  return parts.join(', ');
}

function amountWords(share: number, exact: boolean): string {
  if (exact) return `${shareWords(share)} of users, exactly`;
  return share === 0 ? 'none of the contexts' : `${shareWords(share)} of contexts`;
}

function usersWords(named: readonly NamedTransition[]): string {
  const users = named.reduce((sum, transition) => sum + transition.users, 0);
  return users === 1 ? '1 user by name' : `${users} users by name`;
}

/** `off → on 12.5%`, `on → on with another value 3%`. */
export function transitionWords({ from, to, share, value_changed }: Transition): string {
  return `${outcomeWords(from, to)}${value_changed ? ' with another value' : ''} ${shareWords(share)}`;
}

export function namedWords({ from, to, users }: NamedTransition): string {
  return `${outcomeWords(from, to)} ${users === 1 ? '1 user' : `${users} users`}`;
}

function outcomeWords(from: string | null, to: string | null): string {
  return `${from ?? "the caller's default"} → ${to ?? "the caller's default"}`;
}

/** Whose shares the estimates are. */
export function populationWords(population: Population): string {
  const size = population.size.toLocaleString('en-US');
  if (population.kind === 'file') return `shares of contexts are of the ${size} in ${population.source}`;
  return [
    `shares of contexts are of ${size} made up from the declared attributes and the values in conditions`,
    `(seed ${population.seed}): no measure of your users. Real contexts: --contexts FILE.ndjson or review.population`,
  ].join(' ');
}
