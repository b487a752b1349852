import type { Context } from '../model/context.js';
import type { Outcome } from './sides.js';

/** Users who get something else. */
export interface Transition extends Outcome {
  /** Of all users, from 0 to 1. */
  readonly share: number;
  /** The variant stays and its value is another. */
  readonly value_changed?: true;
  /** Somebody to whom it happens; left out when nobody was found in reasonable time. */
  readonly example?: Context;
}

export function transition({ from, to }: Outcome, share: number, example: Context | undefined): Transition {
  return {
    from,
    to,
    share,
    ...(from === to ? { value_changed: true } : {}),
    ...(example === undefined ? {} : { example }),
  };
}

/** The greatest first. */
export function byShare(a: Transition, b: Transition): number {
  return b.share - a.share;
}

export function totalOf(transitions: readonly { readonly share: number }[]): number {
  const sum = transitions.reduce((total, { share }) => total + share, 0);
  return Math.min(1, Math.round(sum * 1e12) / 1e12);
}
