import { child } from '../diagnostics/pointer.js';
import type { Flag } from '../model/flag.js';
import { spread } from './change.js';
import { type Draw, type Flow, flows } from './draw.js';
import { same } from './equal.js';
import type { FlagVersions } from './flag.js';
import { matchRules } from './match.js';
import { finalDraw, fixedAnswer, ruleDraw } from './stages.js';
import { ruleWords } from './words.js';

type HazardKind =
  | 'bucket_by_changed'
  | 'seed_changed'
  | 'group_changed'
  | 'slot_moved'
  | 'split_reordered'
  | 'split_reweighted'
  | 'variant_renamed';

/** Users who move between variants although the shares could change without them. */
export interface Hazard {
  readonly kind: HazardKind;
  readonly flag: string;
  /** Left out: in every environment. */
  readonly environment?: string;
  /** JSON Pointer into the flag, like that of a change. */
  readonly path: string;
  /** Of those who get there, from 0 to 1: how many get another variant ... */
  readonly moved: number;
  /** ... and how many would have to, since the shares changed. */
  readonly needed: number;
  readonly text: string;
  readonly help: string;
}

const HELP: Readonly<Record<HazardKind, string>> = {
  bucket_by_changed: 'keep `bucket_by`, or make a new flag',
  seed_changed: 'keep the seed as long as anybody is in the split',
  group_changed: 'a group is hashed by its key: keep the key',
  slot_moved: 'keep the slot where it is and let it grow into free space',
  split_reordered: 'keep the order of the variants; new ones go to the end',
  split_reweighted: 'write the final split once and let it grow with `percent`',
  variant_renamed: 'keep the name: whoever records variants will see a new one',
};

type Found = Omit<Hazard, 'flag' | 'environment'>;

/**
 * The hazards of a change to one flag, computed from the ranges. A flag that was off put nobody anywhere, so there is
 * nothing to lose.
 *
 * @param now milliseconds since 1970
 */
export function hazardsOf(before: FlagVersions, after: FlagVersions, now: number): Hazard[] {
  const shared = [...after.keys()].filter((environment) => before.has(environment));
  const found = shared.map((environment) => [environment, hazardsIn(before, after, environment, now)] as const);
  const [key = ''] = [...after.values()].map((flag) => flag.key);
  return spread(found).flatMap(({ found: hazard, environments }): Hazard[] =>
    environments.length === shared.length
      ? [{ flag: key, ...hazard }]
      : environments.map((environment) => ({ flag: key, environment, ...hazard })),
  );
}

function hazardsIn(before: FlagVersions, after: FlagVersions, environment: string, now: number): Found[] {
  const [old, changed] = [before.get(environment), after.get(environment)];
  if (!old || !changed || fixedAnswer(old, now) || fixedAnswer(changed, now)) return [];
  const renames = renamedVariants(old, changed);
  const moves = drawPairs(old, changed, now).flatMap((pair) => moveHazard(pair, renames));
  return [...uniqueByPath(moves), ...renameHazards(renames, old, now)];
}

/** Two draws that are each other's before and after; `path` and `label` say where they stand. */
interface DrawPair {
  readonly path: string;
  readonly label: string;
  readonly before: Draw;
  readonly after: Draw;
}

function drawPairs(before: Flag, after: Flag, now: number): DrawPair[] {
  const name = after.experiment ? 'experiment' : 'rollout';
  const last = { path: `/${name}`, label: name, before: finalDraw(before, now), after: finalDraw(after, now) };
  const rules = matchRules(before.rules, after.rules).pairs.map((pair) => ({
    path: child('/rules', pair.after.name),
    label: ruleWords(pair.after.name),
    before: ruleDraw(before, pair.before),
    after: ruleDraw(after, pair.after),
  }));
  return [...rules, last].filter((pair) => pair.before.split.length > 0 && pair.after.split.length > 0);
}

/** Old names to new ones, of variants that changed nothing but their name. */
function renamedVariants(before: Flag, after: Flag): ReadonlyMap<string, string> {
  const gone = Object.keys(before.variants).filter((name) => !Object.hasOwn(after.variants, name));
  const come = Object.keys(after.variants).filter((name) => !Object.hasOwn(before.variants, name));
  const renames = new Map<string, string>();
  for (const old of gone) {
    const at = come.findIndex((name) => same(before.variants[old], after.variants[name]));
    for (const name of come.splice(at, at < 0 ? 0 : 1)) renames.set(old, name);
  }
  return renames;
}

function moveHazard({ path, label, before, after }: DrawPair, renames: ReadonlyMap<string, string>): Found[] {
  const renamed = renameIn(before, renames);
  const all = flows(renamed, after);
  const moved = rounded(sum(all.filter(({ from, to }) => from !== to)));
  const needed = rounded(neededMoves(all));
  if (moved - needed < 1e-9) return [];
  const { kind, place, words } = causeOf(renamed, after, path);
  const text = `${label}: ${words} moves ${percent(moved)} to another variant where ${needed > 0 ? percent(needed) : 'nobody'} would have to`;
  return [{ kind, path: place, moved, needed, text, help: HELP[kind] }];
}

function renameIn(draw: Draw, renames: ReadonlyMap<string, string>): Draw {
  const nameOf = (variant: string) => renames.get(variant) ?? variant;
  return {
    ...draw,
    split: draw.split.map((share) => ({ ...share, variant: nameOf(share.variant) })),
    otherwise: draw.otherwise === null ? null : nameOf(draw.otherwise),
  };
}

function sum(flows: readonly Flow[]): number {
  return flows.reduce((total, { share }) => total + share, 0);
}

/** What the variants gain together: nobody else has to move. */
function neededMoves(all: readonly Flow[]): number {
  const variants = new Set(all.map(({ to }) => to));
  const gains = [...variants].map((variant) => {
    return sum(all.filter(({ to }) => to === variant)) - sum(all.filter(({ from }) => from === variant));
  });
  return gains.reduce((total, gain) => total + Math.max(0, gain), 0);
}

interface Cause {
  readonly kind: HazardKind;
  readonly place: string;
  readonly words: string;
}

function causeOf(before: Draw, after: Draw, path: string): Cause {
  if (before.unit !== after.unit)
    return { kind: 'bucket_by_changed', place: '/bucket_by', words: 'another `bucket_by`' };
  if (before.seed !== after.seed) return { kind: 'seed_changed', place: '/seed', words: 'another seed' };
  const place = '/experiment/slot';
  if (before.slot?.group !== after.slot?.group) return { kind: 'group_changed', place, words: 'another group' };
  if (!same(before.slot, after.slot)) return { kind: 'slot_moved', place, words: 'another slot' };
  return splitCause(before, after, `${path}/split`);
}

function splitCause(before: Draw, after: Draw, place: string): Cause {
  const order = (draw: Draw, other: Draw) => variantsOf(draw).filter((variant) => variantsOf(other).includes(variant));
  const reordered = !same(order(before, after), order(after, before));
  if (reordered) return { kind: 'split_reordered', place, words: 'another order' };
  return { kind: 'split_reweighted', place, words: 'another division' };
}

function variantsOf({ split }: Draw): string[] {
  return split.filter((share) => share.percent > 0).map(({ variant }) => variant);
}

/** One seed serves all splits of a flag: of several places that it breaks the worst is told. */
function uniqueByPath(found: readonly Found[]): Found[] {
  const worst = new Map<string, Found>();
  for (const hazard of found) {
    const known = worst.get(hazard.path);
    if (!known || hazard.moved - hazard.needed > known.moved - known.needed) worst.set(hazard.path, hazard);
  }
  return [...worst.values()];
}

function renameHazards(renames: ReadonlyMap<string, string>, before: Flag, now: number): Found[] {
  const all = flows(finalDraw(before, now), finalDraw(before, now));
  return [...renames].map(([old, name]) => ({
    kind: 'variant_renamed',
    path: child('/variants', name),
    moved: rounded(sum(all.filter(({ from }) => from === old))),
    needed: 0,
    text: `variant ${old} renamed to ${name}`,
    help: HELP.variant_renamed,
  }));
}

function rounded(share: number): number {
  return Math.round(share * 1e12) / 1e12;
}

function percent(share: number): string {
  return `${Math.round(share * 1e5) / 1e3}% of users`;
}
