import { child } from '../../diagnostics/pointer.js';
import { isTimeZone } from '../../engine/time-zone.js';
import type { TimeWindowOperand } from '../../model/condition.js';
import { comparisonsWith } from '../comparisons.js';
import { notationRule } from '../notation.js';
import type { Subject } from '../project.js';

export const timeZone = notationRule({
  code: 'type/time-zone',
  operators: [],
  elsewhere: zones,
  problemOf: (text) => (isTimeZone(text) ? undefined : 'is not a time zone'),
  help: 'write UTC or a name of the IANA database, for example Europe/Berlin',
});

function zones(subject: Subject) {
  return comparisonsWith(subject, ['time_window']).flatMap(({ comparison, file, pointer }) => {
    const { timezone } = comparison.value as unknown as TimeWindowOperand;
    return timezone === undefined ? [] : [{ text: timezone, file, pointer: child(pointer, 'value', 'timezone') }];
  });
}
