import type { Days, Evaluations, Evidence, Removal } from '../lifecycle/evidence.js';
import { answerWords, type LifecycleEntry } from '../lifecycle/stale.js';
import type { State } from '../lifecycle/state.js';

/** `ready_for_code_removal` as people say it. */
export function stateWords(state: State): string {
  return state.replaceAll('_', ' ');
}

/** Why a flag is in its state, the weightiest first. */
export function evidenceWords({ evidence }: LifecycleEntry): string[] {
  return [
    ...settledWords(evidence),
    ...ageWords(evidence),
    ...(evidence.dependents.length === 0
      ? []
      : [`asked by ${evidence.dependents.map((key) => `\`${key}\``).join(', ')}`]),
    ...referenceWords(evidence),
    ...(evidence.evaluations === undefined ? [] : [evaluationWords(evidence.evaluations)]),
    ...(evidence.snoozed ? [`snoozed until ${evidence.snoozed.until}: ${evidence.snoozed.reason}`] : []),
  ];
}

function settledWords({ settled, archived }: Evidence): string[] {
  if (archived) return ['archived'];
  return settled === undefined ? [] : [`everyone gets ${answerWords(settled.answer)}`];
}

function ageWords({ overdue, remove_by, unchanged, lifetime, purpose, archived }: Evidence): string[] {
  if (archived) return [];
  const limit = lifetime === undefined ? '' : ` (purpose ${purpose ?? 'release'}: ${counted(lifetime, 'day')})`;
  return [
    ...(overdue ? [`should have been gone by ${remove_by}`] : []),
    ...(unchanged === undefined ? [] : [`unchanged for ${daysWords(unchanged)}${limit}`]),
  ];
}

function daysWords({ count, atLeast }: Days): string {
  return `${atLeast ? 'at least ' : ''}${counted(count, 'day')}`;
}

function referenceWords({ references, removed, removalHidden }: Evidence): string[] {
  if (references === undefined) return [];
  if (references.length > 0) return [`${counted(references.length, 'reference')} in the code`];
  if (removalHidden) return ['not in the code; since when cannot be known'];
  return [`not in the code${removed === undefined ? '' : `; ${removalWords(removed)}`}`];
}

function removalWords({ commit, days }: Removal): string {
  if (commit === undefined) return 'the last one goes with what is not committed yet';
  return `the last one went with ${commit.slice(0, 12)}, ${daysWords(days)} ago`;
}

function evaluationWords({ count, since, brief }: Evaluations): string {
  const often = count === 0 ? 'not evaluated by the server' : `evaluated ${counted(count, 'time')} by the server`;
  const short = brief ? ', which is too short to tell' : '';
  return `${often} since ${new Date(since).toISOString()}${short}`;
}

/** `1 day`, `2 days` */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
