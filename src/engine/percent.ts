/** All of it: 100 percent in thousandths of a percent. */
export const WHOLE = 100_000;

/** A percentage from 0 to 100 in whole thousandths of a percent; `undefined` when it is none. */
export function toThousandths(percent: unknown): number | undefined {
  if (typeof percent !== 'number' || !(percent >= 0 && percent <= 100)) return undefined;
  const thousandths = Math.round(percent * 1000);
  return thousandths / 1000 === percent ? thousandths : undefined;
}

/** A half-open range in thousandths of a percent. */
export interface ThousandthsRange {
  readonly from: number;
  readonly to: number;
}

/** `[0, 14.955]`: a half-open range in percent that is not empty; `undefined` when it is none. */
export function parseRange(range: unknown): ThousandthsRange | undefined {
  if (!Array.isArray(range) || range.length !== 2) return undefined;
  const from = toThousandths(range[0]);
  const to = toThousandths(range[1]);
  return from !== undefined && to !== undefined && from < to ? { from, to } : undefined;
}
