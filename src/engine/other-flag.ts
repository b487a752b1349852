import type { Evaluation } from '../model/evaluation.js';
import { Fault } from './fault.js';
import type { Decide } from './run.js';
import type { Scope } from './scope.js';

/** Does a flag serve one of these variants? An evaluation with an error code: it cannot be evaluated. */
export type Reply = boolean | Evaluation;

/** A question about another flag; a fault when there is no such flag or variant, or a cycle. An archived flag serves nothing. */
export function askFlag(key: string, variants: readonly string[], scope: Scope): Decide<Reply> | Fault {
  const other = scope.flag(key);
  if (other instanceof Fault) return other;
  const unknown = variants.find((variant) => !Object.hasOwn(other.flag.variants, variant));
  if (unknown !== undefined) return new Fault(`flag \`${key}\` has no variant \`${unknown}\``);
  if (other.flag.state === 'archived') return () => false;
  const wanted: ReadonlySet<string | null> = new Set(variants);
  return (run) => {
    const answer = other.answer(run);
    return answer.reason === 'ERROR_FALLBACK' ? answer : wanted.has(answer.variant);
  };
}
