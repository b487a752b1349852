import type { ReviewRule } from '../rule.js';
import { impact } from './impact.js';
import { impactUnknown } from './impact-unknown.js';
import { keyChanged } from './key-changed.js';
import { newSuppression } from './new-suppression.js';
import { ownerChanged } from './owner-changed.js';
import { policyChanged } from './policy-changed.js';
import { removedFlag } from './removed-flag.js';
import { reusedKey } from './reused-key.js';
import { runningExperiment } from './running-experiment.js';
import { typeChanged } from './type-changed.js';

/** The rules that know both sides, in the order of the catalogue. */
export const reviewRules: readonly ReviewRule[] = [
  keyChanged,
  typeChanged,
  removedFlag,
  reusedKey,
  runningExperiment,
  impact,
  impactUnknown,
  ownerChanged,
  policyChanged,
  newSuppression,
];
