import type { ProblemCode } from '../problem.js';

/** What can be written. */
export type Noun = 'flag' | 'segment' | 'group';

export const NOUNS: readonly Noun[] = ['flag', 'segment', 'group'];

/** The first step of its URLs. */
export function collectionOf(noun: Noun): `${Noun}s` {
  return `${noun}s`;
}

/** The code of the problem that there is no such thing. */
export function notFoundCode(noun: Noun): ProblemCode {
  return `${noun}_not_found`;
}
