import { civilFromDays, DAY_MS, daysFromCivil, daysInMonth } from './calendar.js';

/** A length of time: whole months, whose length the calendar knows, and milliseconds. */
export interface Duration {
  readonly months: number;
  readonly milliseconds: number;
}

const AMOUNT = '(\\d+(?:[.,]\\d+)?)';
const PATTERN = new RegExp(
  `^P(?=[\\dT])(?:(\\d+)Y)?(?:(\\d+)M)?(?:${AMOUNT}W)?(?:${AMOUNT}D)?(?:T(?=\\d)(?:${AMOUNT}H)?(?:${AMOUNT}M)?(?:${AMOUNT}S)?)?$`,
);
const UNITS_MS = [7 * DAY_MS, DAY_MS, 3_600_000, 60_000, 1000];

/**
 * An ISO 8601 duration such as `P30D`, `P1Y6M` or `PT36H`. The smallest unit may have a fraction
 * unless it is years or months; it is rounded to the millisecond. `undefined` for anything else.
 */
export function parseDuration(text: string): Duration | undefined {
  const match = PATTERN.exec(text);
  if (match === null) return undefined;
  const [, years = '0', months = '0', ...amounts] = match;
  const given = amounts.filter((amount) => amount !== undefined);
  if (given.slice(0, -1).some((amount) => /[.,]/.test(amount))) return undefined;
  const milliseconds = amounts.reduce((sum, amount = '0', index) => sum + inMilliseconds(amount, index), 0);
  return { months: Number(years) * 12 + Number(months), milliseconds };
}

function inMilliseconds(amount: string, unit: number): number {
  const [whole, fraction = '0'] = amount.split(/[.,]/);
  const size = UNITS_MS[unit] as number;
  return Number(whole) * size + Math.round(Number(`0.${fraction}`) * size);
}

/**
 * The instant that lies `duration` before `instant` (milliseconds since 1970), by the calendar in UTC:
 * months first, where a day that the month does not have becomes its last, then the rest.
 */
export function subtractDuration(instant: number, duration: Duration): number {
  return subtractMonths(instant, duration.months) - duration.milliseconds;
}

function subtractMonths(instant: number, months: number): number {
  if (months === 0) return instant;
  const days = Math.floor(instant / DAY_MS);
  const { year, month, day } = civilFromDays(days);
  const target = year * 12 + month - 1 - months;
  const targetYear = Math.floor(target / 12);
  const targetMonth = target - targetYear * 12 + 1;
  const targetDay = Math.min(day, daysInMonth(targetYear, targetMonth));
  return daysFromCivil(targetYear, targetMonth, targetDay) * DAY_MS + (instant - days * DAY_MS);
}
