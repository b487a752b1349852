import { describe, expect, it } from 'vitest';

interface Row {
  readonly scenario: string;
  readonly ratio: number;
}

interface Results {
  row(scenario: string, ours: number, peers: Readonly<Record<string, number>>, unit: string): Row;
  missedLimits(result: { readonly name: string; readonly rows: readonly Row[] }): readonly Row[];
}

const { row, missedLimits }: Results = await import(new URL('../../bench/result.mjs', import.meta.url).href);

describe('a row of a benchmark', () => {
  it('compares with the best peer', () => {
    expect(row('a', 10, { slow: 100, fast: 50 }, 'ns').ratio).toBe(5);
  });

  it('fails the run when it misses a fixed limit, and only then', () => {
    const kept = row('kept', 0.5, { limit: 1 }, 'ms');
    const missed = row('missed', 1.5, { limit: 1 }, 'ms');
    const slower = row('slower than a peer', 9, { peer: 3 }, 'ns');
    expect(missedLimits({ name: 'x', rows: [kept, missed, slower] })).toEqual([missed]);
  });
});
