import { parseDuration, subtractDuration } from '../duration.js';
import { parseInstant } from '../instant.js';
import { type AttributeTest, anyElement, type ValueOperator } from './operator.js';

export const dateBefore = comparing((instant, operand) => instant < operand);
export const dateAfter = comparing((instant, operand) => instant > operand);

/** The date lies in `(now - duration, now]`. */
export const dateWithin: ValueOperator = {
  takes: 'a date',
  compile: ({ value }) => {
    const duration = typeof value === 'string' ? parseDuration(value) : undefined;
    return duration && dateTest((instant, now) => instant <= now && instant > subtractDuration(now, duration));
  },
};

function comparing(holds: (instant: number, operand: number) => boolean): ValueOperator {
  return {
    takes: 'a date',
    compile: ({ value }) => {
      if (value === 'now') return dateTest((instant, now) => holds(instant, now));
      const operand = typeof value === 'string' ? parseInstant(value) : undefined;
      return operand === undefined ? undefined : dateTest((instant) => holds(instant, operand));
    },
  };
}

function dateTest(holds: (instant: number, now: number) => boolean): AttributeTest {
  return anyElement((seen, now) => {
    const instant = instantOf(seen);
    return instant !== undefined && holds(instant, now);
  });
}

/** An RFC 3339 text or milliseconds since 1970, to the millisecond. */
function instantOf(value: unknown): number | undefined {
  if (typeof value === 'number') return Math.floor(value);
  return typeof value === 'string' ? parseInstant(value) : undefined;
}
