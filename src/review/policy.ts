import type { Settings } from '../model/snapshot.js';
import type { Project } from '../project/project.js';

/** The settings by which changes are judged. */
export type Policy = Pick<Settings, 'lint' | 'review' | 'protected'>;

export function policyOf({ config, protectedEnvironments }: Project): Policy {
  const { lint = {}, review = {} } = config.data;
  return { lint, review: { max_impact: {}, ...review }, protected: [...protectedEnvironments] };
}
