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
  readonly impacts: readonly ImpactLine[];
  /** Whom it reaches. */
  readonly reached: readonly ReachedLine[];
  /** What reaches it: `segment members`. */
  readonly through: readonly string[];
}

/** An impact that is the same in some environments; the examples are of the last of them. */
export interface ImpactLine extends Impact {
  readonly environments: readonly string[];
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
  const drafts = new Drafts();
  for (const change of delta.changes) drafts.of(nounOf(change), change.key).changes.push(change);
  for (const hazard of delta.hazards) drafts.of('flag', hazard.flag).hazards.push(hazard);
  for (const impact of delta.impact?.flags ?? []) drafts.of('flag', impact.flag).impacts.push(impact);
  for (const reach of delta.reach) {
    drafts.of(reach.kind, reach.key).reached.push(...reach.reached);
    for (const flag of new Set(reach.reached.map(({ flag }) => flag))) {
      drafts.known('flag', flag)?.through.push(`${reach.kind} ${reach.key}`);
    }
  }
  return drafts.byRisk().map(toEntry);
}

interface Draft {
  readonly noun: Noun;
  readonly key: string;
  readonly changes: Change[];
  readonly hazards: Hazard[];
  readonly impacts: Impact[];
  readonly reached: Reached[];
  readonly through: string[];
}

class Drafts {
  readonly #drafts = new Map<string, Draft>();

  known(noun: Noun, key: string): Draft | undefined {
    return this.#drafts.get(`${noun}:${key}`);
  }

  of(noun: Noun, key: string): Draft {
    const known = this.known(noun, key);
    if (known) return known;
    const draft: Draft = { noun, key, changes: [], hazards: [], impacts: [], reached: [], through: [] };
    this.#drafts.set(`${noun}:${key}`, draft);
    return draft;
  }

  /** What reaches others is as risky as the worst that it does to them, and comes before them. */
  byRisk(): Draft[] {
    const own = new Map([...this.#drafts.values()].map((draft) => [draft, riskOf(draft)]));
    const risk = new Map([...own].map(([draft, risk]) => [draft, Math.max(risk, this.#reachedRisk(draft, own))]));
    return [...risk]
      .sort(([a, risk], [b, other]) => other - risk || (a.key === b.key ? 0 : a.key < b.key ? -1 : 1))
      .map(([draft]) => draft);
  }

  #reachedRisk({ reached }: Draft, risk: ReadonlyMap<Draft, number>): number {
    const flags = new Set(reached.map(({ flag }) => flag));
    const drafts = [...flags].flatMap((flag) => this.known('flag', flag) ?? []);
    return drafts.reduce((worst, draft) => Math.max(worst, (risk.get(draft) ?? 0) + 1e-6), 0);
  }
}

export function nounOf({ kind }: Change): Noun {
  if (kind === 'project_changed') return 'project';
  if (kind.startsWith('flag_')) return 'flag';
  return kind.startsWith('segment_') ? 'segment' : 'group';
}

const RISK = { hazard: 6, gone: 5, impact: 3, behaviour: 2, project: 1, created: 0.5, paperwork: 0 } as const;

function riskOf({ changes, hazards, impacts, noun }: Draft): number {
  const shares = impacts.map(({ share }) => (share > 0 ? RISK.impact + share : RISK.paperwork));
  const kinds = changes.map((change) => riskOfChange(change));
  return Math.max(hazards.length > 0 ? RISK.hazard : 0, noun === 'project' ? RISK.project : 0, ...shares, ...kinds);
}

function riskOfChange(change: Change): number {
  if (/_(removed|archived)$/.test(change.kind)) return RISK.gone;
  if (change.kind.endsWith('_created')) return RISK.created;
  return mattersToAnswers(change) ? RISK.behaviour : RISK.paperwork;
}

function toEntry({ changes, impacts, reached, ...draft }: Draft): Entry {
  return { ...draft, lines: linesOf(changes), impacts: impactLines(impacts), reached: reachedLines(reached) };
}

/** What is the same in several environments as one line. */
export function linesOf(changes: readonly Change[]): Line[] {
  const lines = new Map<string, string[]>();
  for (const change of changes) {
    const text = wordsOf(change);
    lines.set(text, [...(lines.get(text) ?? []), ...(change.environment === undefined ? [] : [change.environment])]);
  }
  return [...lines].map(([text, environments]) => ({ environments, text }));
}

/** Examples differ where the shares are the same, so they do not count. */
function impactLines(impacts: readonly Impact[]): ImpactLine[] {
  const lines = new Map<string, ImpactLine>();
  for (const impact of impacts) {
    const { environment, ...rest } = impact;
    const place = JSON.stringify(rest, (key, value) => (key === 'example' ? undefined : value));
    lines.set(place, { ...impact, environments: [...(lines.get(place)?.environments ?? []), environment] });
  }
  return [...lines.values()];
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
