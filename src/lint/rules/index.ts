import type { Rule } from '../../project/rule.js';
import { fileName } from './file-name.js';
import { growthMovesUsers } from './growth-moves-users.js';
import { killSwitchWithoutEffect } from './kill-switch-without-effect.js';
import { missingOwner } from './missing-owner.js';
import { namingMismatch } from './naming-mismatch.js';
import { neverMatches } from './never-matches.js';
import { notInDisabledSegment } from './not-in-disabled-segment.js';
import { overdue } from './overdue.js';
import { personalData } from './personal-data.js';
import { settledRollout } from './settled-rollout.js';
import { shadowedRule } from './shadowed-rule.js';
import { unknownAttribute } from './unknown-attribute.js';
import { unknownCode } from './unknown-code.js';
import { unrecognizedFile } from './unrecognized-file.js';
import { unusedAttribute } from './unused-attribute.js';
import { unusedSegment } from './unused-segment.js';
import { unusedVariant } from './unused-variant.js';

/** All advice, in the order of the catalogue. */
export const adviceRules: readonly Rule[] = [
  unknownAttribute,
  neverMatches,
  shadowedRule,
  growthMovesUsers,
  killSwitchWithoutEffect,
  notInDisabledSegment,
  personalData,
  namingMismatch,
  unusedSegment,
  unusedVariant,
  unusedAttribute,
  fileName,
  unrecognizedFile,
  missingOwner,
  overdue,
  settledRollout,
  unknownCode,
];
