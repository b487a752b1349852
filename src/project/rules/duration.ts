import { parseDuration } from '../../engine/duration.js';
import { notationRule } from '../notation.js';

export const duration = notationRule({
  code: 'type/duration',
  operators: ['date_within'],
  problemOf: (text) => (parseDuration(text) === undefined ? 'is not a duration' : undefined),
  help: 'write it by ISO 8601, for example P30D or PT12H',
});
