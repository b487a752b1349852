import type { Impact } from '../diff/impact.js';
import type { ReviewInput } from './rule.js';

export interface ImpactVerdict {
  readonly impact: Impact;
  /** Percent of users. */
  readonly limit: number;
  readonly verdict: 'within' | 'beyond' | 'unknown';
}

/**
 * Every impact in an environment that has a limit, flag by flag. What the ranges say counts whatever the contexts are;
 * an estimate counts if its contexts are real.
 */
export function impactVerdicts({ delta, policy }: Pick<ReviewInput, 'delta' | 'policy'>): ImpactVerdict[] {
  const limits = policy.config.data.review?.max_impact ?? {};
  const real = delta.impact?.population?.kind === 'file' && delta.impact.population.size > 0;
  return (delta.impact?.flags ?? []).flatMap((impact) => {
    const limit = Object.hasOwn(limits, impact.environment) ? limits[impact.environment] : undefined;
    return limit === undefined ? [] : [{ impact, limit, verdict: verdictOn(impact, limit, real) }];
  });
}

function verdictOn({ share, exact, at_most = 1 }: Impact, limit: number, real: boolean): ImpactVerdict['verdict'] {
  if (isWithin(at_most, limit)) return 'within';
  if (!exact && !real) return 'unknown';
  return isWithin(share, limit) ? 'within' : 'beyond';
}

function isWithin(share: number, limit: number): boolean {
  return share * 100 <= limit + 1e-9;
}
