import type { Flag } from '../model/flag.js';
import { rolloutWords, variantWords } from './words.js';

/** What a flag does, in a line: `development: serves on; staging, production: disabled, serves off`. */
export function summaryWords(versions: ReadonlyMap<string, Flag>): string {
  const groups = new Map<string, string[]>();
  for (const [environment, flag] of versions) {
    const words = behaviourWords(flag);
    groups.set(words, [...(groups.get(words) ?? []), environment]);
  }
  const [only] = groups.keys();
  if (only !== undefined && groups.size === 1) return only;
  return [...groups].map(([words, environments]) => `${environments.join(', ')}: ${words}`).join('; ');
}

function behaviourWords(flag: Flag): string {
  if (flag.state === 'archived') return 'archived';
  if (!flag.enabled) return `disabled, serves ${variantWords(flag.off_variant)}`;
  return [...decisionWords(flag), `${hasDecisions(flag) ? 'else' : 'serves'} ${variantWords(flag.default)}`].join(', ');
}

function hasDecisions(flag: Flag): boolean {
  return decisionWords(flag).length > 0;
}

function decisionWords({
  starts_at,
  expires_at,
  overrides,
  prerequisites,
  rules,
  rollout,
  experiment,
}: Flag): string[] {
  const listed = Object.values(overrides).reduce((sum, keys) => sum + keys.length, 0);
  return [
    ...(starts_at === undefined ? [] : [`from ${starts_at}`]),
    ...(expires_at === undefined ? [] : [`until ${expires_at}`]),
    ...counted(listed, 'override'),
    ...counted(prerequisites.length, 'prerequisite'),
    ...counted(rules.length, 'rule'),
    ...(rollout ? [`rollout ${rolloutWords(rollout)}`] : []),
    ...(experiment ? [`experiment ${rolloutWords(experiment)}`] : []),
  ];
}

function counted(count: number, noun: string): string[] {
  return count === 0 ? [] : [`${count} ${noun}${count === 1 ? '' : 's'}`];
}
