import { type Change, wordsOf } from './change.js';
import type { Delta } from './delta.js';
import { mattersToAnswers } from './effect.js';
import type { Hazard } from './hazards.js';
import type { Impact } from './impact.js';
import type { Reached } from './reach.js';

export type Noun = 'flag' | 'segment' | 'group' | 'project';

/** A line about something that is the same in some environments. */
export interface Line {
  /** Empty: everywhere. */
  readonly environments: readonly string[];
  readonly text: string;
}

/** All that concerns one flag, segment, group or the project. */
export interface Entry {
  readonly noun: Noun;
  readonly key: string;
  readonly lines: readonly Line[];
  readonly hazards: readonly Hazard[];
  readonly impacts: readonly Impact[];
  readonly reached: readonly ReachedLine[];
}

/** A flag that the entry reaches, with the environments where it does so in the same way. */
export interface ReachedLine extends Omit<Reached, 'environment'> {
  readonly environments: readonly string[];
}

/**
 * What concerns the same object together, what is risky first: hazards, flags that are gone, then by how many get
 * something else, then what may change answers, then what is new, then paperwork; by key where the risk is equal.
 */
export function outline(delta: Delta): Entry[] {
  const drafts = new Map<string, Draft>();
  const draftOf = (noun: Noun, key: string) => {
    const place = `${noun}:${key}`;
    const draft = drafts.get(place) ?? { noun, key, changes: [], hazards: [], impacts: [], reached: [] };
    drafts.set(place, draft);
    return draft;
  };
  for (const change of delta.changes) draftOf(nounOf(change), change.key).changes.push(change);
  for (const hazard of delta.hazards) draftOf('flag', hazard.flag).hazards.push(hazard);
  for (const impact of delta.impact?.flags ?? []) draftOf('flag', impact.flag).impacts.push(impact);
  for (const { kind, key, reached } of delta.reach) draftOf(kind, key).reached.push(...reached);
  return [...drafts.values()].sort(byRisk).map(toEntry);
}

interface Draft {
  readonly noun: Noun;
  readonly key: string;
  readonly changes: Change[];
  readonly hazards: Hazard[];
  readonly impacts: Impact[];
  readonly reached: Reached[];
}

function nounOf({ kind }: Change): Noun {
  if (kind === 'project_changed') return 'project';
  if (kind.startsWith('flag_')) return 'flag';
  return kind.startsWith('segment_') ? 'segment' : 'group';
}

function byRisk(a: Draft, b: Draft): number {
  const difference = riskOf(b) - riskOf(a);
  if (difference !== 0) return difference;
  return a.key === b.key ? 0 : a.key < b.key ? -1 : 1;
}

const RISK = { hazard: 6, gone: 5, impact: 3, behaviour: 2, project: 1, created: 0.5, paperwork: 0 } as const;

function riskOf({ changes, hazards, impacts, noun }: Draft): number {
  const shares = impacts.map(({ share }) => (share > 0 ? RISK.impact + share : RISK.behaviour));
  const kinds = changes.map((change) => riskOfChange(change));
  return Math.max(hazards.length > 0 ? RISK.hazard : 0, noun === 'project' ? RISK.project : 0, ...shares, ...kinds);
}

function riskOfChange(change: Change): number {
  if (/_(removed|archived)$/.test(change.kind)) return RISK.gone;
  if (change.kind.endsWith('_created')) return RISK.created;
  return mattersToAnswers(change) ? RISK.behaviour : RISK.paperwork;
}

function toEntry({ changes, reached, ...draft }: Draft): Entry {
  return { ...draft, lines: linesOf(changes), reached: reachedLines(reached) };
}

function linesOf(changes: readonly Change[]): Line[] {
  const lines = new Map<string, string[]>();
  for (const change of changes) {
    const text = wordsOf(change);
    lines.set(text, [...(lines.get(text) ?? []), ...(change.environment === undefined ? [] : [change.environment])]);
  }
  return [...lines].map(([text, environments]) => ({ environments, text }));
}

function reachedLines(reached: readonly Reached[]): ReachedLine[] {
  const lines = new Map<string, ReachedLine & { environments: string[] }>();
  for (const { environment, ...rest } of reached) {
    const place = JSON.stringify(rest);
    const known = lines.get(place);
    if (known) known.environments.push(environment);
    else lines.set(place, { ...rest, environments: [environment] });
  }
  return [...lines.values()];
}
