import { createRequire } from 'node:module';

// Its build for `import` starts up asynchronously; this one is ready at once.
const { chdtrc, lgam }: Cephes = createRequire(import.meta.url)('cephes');

/** Special functions by their names in Moshier's Cephes library. */
interface Cephes {
  /** The upper tail of the chi-square distribution. */
  chdtrc(degrees: number, x: number): number;
  /** The logarithm of the gamma function. */
  lgam(x: number): number;
}

/** How many users one variant has, and how many of a hundred it should have. */
export interface Arm {
  readonly variant: string;
  /** Users who met this variant and no other. */
  readonly users: number;
  /** In percent of those who are in the experiment; together 100. */
  readonly expected: number;
}

/**
 * `too_few`: fewer than 100 users in a variant, so nothing is said. `suspected`: it looks skewed, but looks that are
 * repeated every day look skewed now and then. `skewed`: it is, however often somebody looked.
 */
type SampleRatioState = 'too_few' | 'balanced' | 'suspected' | 'skewed';

/** Does an experiment put its users where its split says? */
export interface SampleRatio {
  readonly state: SampleRatioState;
  /** Of the chi-square test, for one look at the data; 1 where there is nothing to test. */
  readonly p: number;
  /** The greatest difference between a variant's share and what it should be, in percentage points. */
  readonly deviation: number;
  /**
   * How many times likelier the counts are under some other split than under this one. When the split is right, it
   * ever reaches 1000 in at most 1 of 1000 experiments, however often somebody looks. Above the greatest double it is
   * given as that.
   */
  readonly evidence: number;
  /** Variants that nobody should have met. Their users are not part of the test. */
  readonly leaks: readonly string[];
}

/** Users of each variant, below which nothing is said. */
const ENOUGH = 100;

/** Percentage points. */
const GREAT_DEVIATION = 5;

/** How rarely a right split may be called wrong. */
const ALPHA = 0.001;

/**
 * How near to the expected split the alternatives of the sequential test lie: as near as the shares of that many
 * users would. Chosen for splits that are off by a few percentage points.
 */
const CONCENTRATION = 500;

/** Judges the counts of an experiment. Pure; the order of the arms does not matter. */
export function sampleRatio(arms: readonly Arm[]): SampleRatio {
  const leaks = arms.filter(({ users, expected }) => expected === 0 && users > 0).map(({ variant }) => variant);
  const tested = arms.filter(({ expected }) => expected > 0);
  const total = tested.reduce((sum, { users }) => sum + users, 0);
  if (tested.length < 2 || total === 0) return { state: 'too_few', p: 1, deviation: 0, evidence: 1, leaks };
  const shares = tested.map(({ users, expected }) => ({ users, share: expected / 100 }));
  const deviation = Math.max(...shares.map(({ users, share }) => Math.abs(users / total - share) * 100));
  const p = chiSquareTail(tested.length - 1, chiSquare(shares, total));
  const evidence = evidenceAgainst(shares, total);
  const enough = tested.every(({ users }) => users >= ENOUGH) || isHopeless(shares, total);
  return { state: enough ? stateOf(p, deviation, evidence) : 'too_few', p, deviation, evidence, leaks };
}

function stateOf(p: number, deviation: number, evidence: number): SampleRatioState {
  if (p >= ALPHA && deviation <= GREAT_DEVIATION) return 'balanced';
  return evidence >= 1 / ALPHA ? 'skewed' : 'suspected';
}

interface Cell {
  readonly users: number;
  readonly share: number;
}

/** A variant that stays empty while hundreds should be in it must not hide behind "too few". */
function isHopeless(cells: readonly Cell[], total: number): boolean {
  return cells.every(({ users, share }) => users >= ENOUGH || total * share >= 2 * ENOUGH);
}

/** Pearson's statistic. */
function chiSquare(cells: readonly Cell[], total: number): number {
  return cells.reduce((sum, { users, share }) => sum + (users - total * share) ** 2 / (total * share), 0);
}

/** P(X >= x) for chi-square; below the smallest double it is given as that. */
function chiSquareTail(degrees: number, x: number): number {
  // Beyond about 1400 the library reports an underflow.
  return x > 1400 ? Number.MIN_VALUE : chdtrc(degrees, x);
}

/**
 * The Bayes factor of a Dirichlet prior around the expected shares against these shares themselves. Under the right
 * split it is a martingale of mean 1, so by Ville's inequality it ever reaches 1/a with a chance of a at most.
 * M. Lindon, A. Malek: Anytime-Valid Inference for Multinomial Count Data, NeurIPS 2022.
 */
function evidenceAgainst(cells: readonly Cell[], total: number): number {
  const log = cells.reduce(
    (sum, { users, share }) => {
      const prior = CONCENTRATION * share;
      return sum + lgam(prior + users) - lgam(prior) - users * Math.log(share);
    },
    lgam(CONCENTRATION) - lgam(CONCENTRATION + total),
  );
  return Math.min(Math.exp(log), Number.MAX_VALUE);
}
