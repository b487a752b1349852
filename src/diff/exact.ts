import type { Affected } from './affected.js';
import { type Flow, flows } from './draw.js';
import { type Differs, differsFor } from './sides.js';
import { type Stage, stagesOf, turningPoints } from './stages.js';
import { totalOf } from './transition.js';

/** What the ranges alone say of a change. */
export type Reckoning =
  /** `at`: the time, from `now` on, at which the most users get something else. */
  | { readonly exact: true; readonly at: number; readonly flows: readonly Flow[] }
  /** `atMost`: no more than this share, from 0 to 1; `undefined` when nothing can be said. */
  | { readonly exact: false; readonly atMost: number | undefined };

/**
 * What follows from the ranges, now and at every later time at which the flag begins to decide otherwise.
 *
 * @param now milliseconds since 1970
 */
export function reckon({ before, after, touched }: Affected, now: number): Reckoning {
  const differs = differsFor(before, after);
  const moments = [now, ...turningPoints([before, after], now)].map((at) => {
    return { at, ...momentOf(stagesOf(before, after, at, touched), differs) };
  });
  const [first = { at: now, flows: [] as Flow[], atMost: undefined }] = moments;
  const worst = moments.reduce((most, moment) => ((moment.atMost ?? 1) > (most.atMost ?? 1) ? moment : most), first);
  if (moments.some(({ flows }) => flows === undefined)) return { exact: false, atMost: worst.atMost };
  return { exact: true, at: worst.at, flows: worst.flows ?? [] };
}

interface Moment {
  /** There when the ranges say all. */
  readonly flows: readonly Flow[] | undefined;
  readonly atMost: number | undefined;
}

/**
 * With one stage, everyone passes through it. With several, contexts decide who meets which; whatever they decide,
 * and however they hang together with the hashes, the shares that change cannot add up to more than their sum.
 */
function momentOf(stages: readonly Stage[] | undefined, differs: Differs): Moment {
  if (!stages) return { flows: undefined, atMost: undefined };
  const changed = stages.flatMap(({ before, after }) => flows(before, after).filter(differs));
  const atMost = totalOf(changed);
  return { flows: stages.length === 1 || atMost === 0 ? changed : undefined, atMost };
}
