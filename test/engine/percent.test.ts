import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRange, toThousandths } from '../../src/engine/percent.js';

describe('toThousandths', () => {
  it('takes every number of at most three decimals from 0 to 100', () => {
    for (let thousandths = 0; thousandths <= 100_000; thousandths += 1) {
      const text = `${Math.floor(thousandths / 1000)}.${String(thousandths % 1000).padStart(3, '0')}`;
      if (toThousandths(Number(text)) !== thousandths) expect(text).toBe('read exactly');
    }
  });

  it.each([-0.001, 100.001, 33.3333, 0.0001, Number.NaN, Number.POSITIVE_INFINITY, '50', null, undefined])(
    'takes %s for no percentage',
    (value) => {
      expect(toThousandths(value)).toBeUndefined();
    },
  );

  it('gives back what was written', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 100 }), (percent) => {
        const thousandths = toThousandths(percent);
        if (thousandths !== undefined) expect(Number(`${thousandths}e-3`)).toBe(percent + 0);
      }),
    );
  });
});

describe('parseRange', () => {
  it('takes a range that is not empty', () => {
    expect(parseRange([0, 14.955])).toEqual({ from: 0, to: 14_955 });
  });

  it.each([[[5, 5]], [[6, 5]], [[0]], [[0, 1, 2]], [[0, 100.5]], [[-1, 5]], ['0-5'], [undefined]])(
    'takes %j for none',
    (range) => {
      expect(parseRange(range)).toBeUndefined();
    },
  );
});
