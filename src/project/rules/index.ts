import type { SubjectRule, WholeRule } from '../rule.js';
import { archivedFlag } from './archived-flag.js';
import { booleanVariants } from './boolean-variants.js';
import { cidr } from './cidr.js';
import { cycleFlag } from './cycle-flag.js';
import { cycleSegment } from './cycle-segment.js';
import { date } from './date.js';
import { duplicateKey } from './duplicate-key.js';
import { duplicateOverride } from './duplicate-override.js';
import { duplicatePart } from './duplicate-part.js';
import { duplicateRuleName } from './duplicate-rule-name.js';
import { duplicateSlot } from './duplicate-slot.js';
import { duration } from './duration.js';
import { enumValue } from './enum.js';
import { experimentAndRollout } from './experiment-and-rollout.js';
import { invalidValueSchema } from './invalid-value-schema.js';
import { keyCase } from './key-case.js';
import { operand } from './operand.js';
import { operator } from './operator.js';
import { precision } from './precision.js';
import { protectedDefault } from './protected-default.js';
import { protectedEnvironment } from './protected-environment.js';
import { range } from './range.js';
import { regex } from './regex.js';
import { rolloutSum } from './rollout-sum.js';
import { slotBucketBy } from './slot-bucket-by.js';
import { slotOverlap } from './slot-overlap.js';
import { splitSum } from './split-sum.js';
import { stepsOrder } from './steps-order.js';
import { timeWindow } from './time-window.js';
import { timeZone } from './time-zone.js';
import { timesOrder } from './times-order.js';
import { unknownEnvironment } from './unknown-environment.js';
import { unknownFlag } from './unknown-flag.js';
import { unknownSegment } from './unknown-segment.js';
import { unknownVariant } from './unknown-variant.js';
import { valueSchema } from './value-schema.js';
import { variantValue } from './variant-value.js';
import { version } from './version.js';
import { versionRange } from './version-range.js';

/** What is judged by itself, in the order of the catalogue. */
export const subjectRules: readonly SubjectRule[] = [
  protectedDefault,
  unknownFlag,
  unknownSegment,
  unknownVariant,
  unknownEnvironment,
  archivedFlag,
  protectedEnvironment,
  duplicatePart,
  duplicateOverride,
  duplicateRuleName,
  slotBucketBy,
  booleanVariants,
  variantValue,
  invalidValueSchema,
  valueSchema,
  operator,
  operand,
  enumValue,
  regex,
  version,
  versionRange,
  date,
  duration,
  cidr,
  timeZone,
  timeWindow,
  precision,
  splitSum,
  rolloutSum,
  range,
  slotOverlap,
  stepsOrder,
  timesOrder,
  experimentAndRollout,
];

/** What takes comparing objects with each other, in the order of the catalogue. */
export const wholeRules: readonly WholeRule[] = [duplicateKey, keyCase, duplicateSlot, cycleFlag, cycleSegment];
