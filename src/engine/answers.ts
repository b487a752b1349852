import type { Evaluation, Reason } from '../model/evaluation.js';
import type { Flag } from '../model/flag.js';
import type { Json } from '../model/json.js';
import { Fault } from './fault.js';

/** The rule that decided, and the segment that it requires. */
export type Because = Pick<Evaluation, 'rule' | 'segment'>;

/** A flag's answers; each is made when the flag is compiled, frozen, and shared by all that get it. */
export interface Answers {
  /** A variant or, for `null`, the caller's own default value; an error when the flag has no such variant. */
  serve(variant: string | null, reason: Reason, because?: Because): Evaluation;
  fail(fault: Fault): Evaluation;
  /** `default`, because a hash was needed and there was nothing to hash. */
  readonly unitMissing: Evaluation;
}

export function answersOf(flag: Flag): Answers {
  freezeDeep(flag.variants);
  return {
    serve: (variant, reason, because = {}) => serve(flag, variant, reason, because),
    fail: (fault) => failure(flag.key, fault),
    unitMissing: serve(flag, flag.default, 'DEFAULT', {
      error_code: 'TARGETING_KEY_MISSING',
      error_message: `the context has no \`${flag.bucket_by}\` to decide the split by`,
    }),
  };
}

/** The answer of a flag that cannot be evaluated. */
export function failure(flag: string, fault: Fault): Evaluation {
  return Object.freeze({
    flag,
    value: undefined,
    variant: null,
    reason: 'ERROR_FALLBACK',
    error_code: fault.code,
    error_message: fault.message,
  });
}

function serve(flag: Flag, variant: string | null, reason: Reason, more: Partial<Evaluation>): Evaluation {
  if (variant === null) return Object.freeze({ flag: flag.key, value: undefined, variant, reason, ...more });
  if (!Object.hasOwn(flag.variants, variant)) {
    return failure(flag.key, new Fault(`the flag has no variant \`${variant}\``));
  }
  return Object.freeze({ flag: flag.key, value: flag.variants[variant], variant, reason, ...more });
}

/** Answers are shared, so nobody may change what is in them. */
function freezeDeep(root: Json): void {
  const seen = new Set<unknown>();
  const pending: Json[] = [root];
  for (let value = pending.pop(); value !== undefined; value = pending.pop()) {
    if (typeof value !== 'object' || value === null || seen.has(value)) continue;
    seen.add(value);
    for (const inner of Object.values(Object.freeze(value))) pending.push(inner);
  }
}
