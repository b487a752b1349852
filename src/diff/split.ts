import { child } from '../diagnostics/pointer.js';
import type { Split } from '../model/flag.js';
import { type Difference, difference } from './change.js';
import { variantWords } from './words.js';

/** Shares and their order; a share of nothing is none. `label` is what the texts begin with: `rollout `. */
export function diffSplit(path: string, label: string, before: Split, after: Split): Difference[] {
  const changed = changedShares(before, after);
  const order = orderWords(before, after);
  const [only] = changed;
  if (only && changed.length === 1 && order === undefined) {
    return [difference(child(path, only.variant), only.before, only.after, label + shareWords(only))];
  }
  const words = [...changed.map(shareWords), ...(order === undefined ? [] : [order])];
  return words.length === 0 ? [] : [difference(path, before, after, label + words.join(', '))];
}

/** Do the two splits put everyone in the same place? */
export function sameSplit(before: Split, after: Split): boolean {
  return diffSplit('', '', before, after).length === 0;
}

interface ChangedShare {
  readonly variant: string;
  readonly before: number;
  readonly after: number;
}

function changedShares(before: Split, after: Split): ChangedShare[] {
  const variants = new Set([...before, ...after].map(({ variant }) => variant));
  return [...variants]
    .map((variant) => ({ variant, before: percentOf(before, variant), after: percentOf(after, variant) }))
    .filter((share) => share.before !== share.after);
}

function percentOf(split: Split, wanted: string): number {
  return split.find(({ variant }) => variant === wanted)?.percent ?? 0;
}

function shareWords({ variant, before, after }: ChangedShare): string {
  return `${variantWords(variant)} ${before}% → ${after}%`;
}

/** Said only when variants that both sides have change places. */
function orderWords(before: Split, after: Split): string | undefined {
  const old = presentIn(before, after);
  const now = presentIn(after, before);
  if (old.every((variant, at) => variant === now[at])) return undefined;
  return `order ${old.join(', ')} → ${now.join(', ')}`;
}

function presentIn(split: Split, other: Split): string[] {
  return split
    .filter(({ variant, percent }) => percent > 0 && percentOf(other, variant) > 0)
    .map(({ variant }) => variant);
}
