import { toThousandths } from '../engine/percent.js';
import type { WrittenSplit } from './written.js';

/** The sum of a split in thousandths of a percent; `undefined` if a share of it is finer than that. */
export function sumOf(split: WrittenSplit): number | undefined {
  let sum = 0;
  for (const percent of Object.values(split)) {
    const thousandths = toThousandths(percent);
    if (thousandths === undefined) return undefined;
    sum += thousandths;
  }
  return sum;
}

export function formatPercent(thousandths: number): string {
  return String(thousandths / 1000);
}
