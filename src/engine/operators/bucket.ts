import type { Comparison } from '../../model/condition.js';
import { TARGETING_KEY } from '../../model/context.js';
import { unitReader } from '../attribute.js';
import { boundary, prepareVariantHash, scaled } from '../bucket.js';
import { isObject } from '../object.js';
import { parseRange } from '../percent.js';
import { placeOf } from '../place.js';
import { fail, type Question, type Scope, unparsable } from '../scope.js';
import { describePlace, told } from '../words.js';

/** The unit hashes into the range; without a unit it does not. */
export function bucket({ attribute = TARGETING_KEY, value }: Comparison, scope: Scope): Question {
  const operand = parseBucket(value);
  return {
    test: operand ? inRange(operand) : fail(unparsable('`bucket` has an invalid value')),
    tell: (holds, place) => told(holds, describePlace(attribute, place)),
  };

  function inRange({ seed, from, to }: Bucket): Question['test'] {
    const place = scope.instrument.watch(placeOf(unitReader(scope.attribute(attribute)), prepareVariantHash(seed)));
    const start = boundary(from);
    const end = boundary(to);
    return (run) => {
      const at = scaled(place(run));
      return at >= start && at < end;
    };
  }
}

interface Bucket {
  readonly seed: string;
  readonly from: number;
  readonly to: number;
}

function parseBucket(value: Comparison['value']): Bucket | undefined {
  if (!isObject(value)) return undefined;
  const range = parseRange(value.range);
  return typeof value.seed === 'string' && range !== undefined ? { seed: value.seed, ...range } : undefined;
}
