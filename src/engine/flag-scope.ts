import type { Evaluation } from '../model/evaluation.js';
import type { Flag } from '../model/flag.js';
import type { Answers } from './answers.js';
import type { Told } from './instrument.js';
import type { Place } from './place.js';
import type { Decide } from './run.js';
import type { Scope } from './scope.js';
import { show } from './words.js';

/** What the parts of a flag are compiled with. */
export interface FlagScope extends Scope {
  readonly subject: Flag;
  readonly answers: Answers;
  /** What the flag hashes; empty when the context has none. */
  readonly readUnit: Decide<string>;
  /** Where that lies in the flag's splits. */
  readonly place: Place;
}

/** A step of a flag: the answer if it decides, else nothing. */
export type Step = Decide<Evaluation | undefined>;

/** Tells what a step of a flag came to. */
export function tellStep(answer: Evaluation | undefined): Told {
  return answer === undefined ? { outcome: 'passed', detail: '' } : tellAnswer(answer);
}

export function tellAnswer({ variant, value, reason, error_message: problem }: Evaluation): Told {
  const served = variant === null ? "the caller's own default value" : `\`${variant}\`, which is ${show(value)}`;
  return { outcome: reason, detail: problem === undefined ? served : `${served}: ${problem}` };
}
