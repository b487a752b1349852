import { child } from '../../diagnostics/pointer.js';
import { parseTimeWindow } from '../../engine/time-window.js';
import type { TimeWindowOperand } from '../../model/condition.js';
import { comparisonsWith } from '../comparisons.js';
import type { WrittenComparisonPlace } from '../project.js';
import type { RuleFinding, SubjectRule } from '../rule.js';

export const timeWindow: SubjectRule = {
  code: 'type/time-window',
  *check(subject) {
    for (const place of comparisonsWith(subject, ['time_window'])) yield* checkWindow(place);
  },
};

function* checkWindow({ comparison, file, pointer }: WrittenComparisonPlace): Iterable<RuleFinding> {
  const { start, end } = comparison.value as unknown as TimeWindowOperand;
  const at = child(pointer, 'value');
  const badTimes = [
    ...(isWindow(start, '24:00') ? [] : [{ time: start, pointer: child(at, 'start') }]),
    ...(isWindow('00:00', end) || isWindow('01:00', end) ? [] : [{ time: end, pointer: child(at, 'end') }]),
  ];
  for (const bad of badTimes) {
    yield {
      file,
      pointer: bad.pointer,
      message: `\`${bad.time}\` is not a time of day`,
      help: 'write HH:MM or HH:MM:SS; 24:00 may be an end',
    };
  }
  if (badTimes.length > 0 || isWindow(start, end)) return;
  const help = 'for the whole day write start: 00:00 and end: 24:00, quoted';
  yield { file, pointer: at, message: `the window opens and closes at \`${start}\``, help };
}

/** Without zone and days, which are checked elsewhere. */
function isWindow(start: string, end: string): boolean {
  return parseTimeWindow({ start, end }) !== undefined;
}
