import type { Evidence } from '../lifecycle/evidence.js';
import { answerWords } from '../lifecycle/stale.js';
import type { JsonObject } from '../model/json.js';
import { printable } from './printable.js';

/** Something that asks for a flag, with its place as the reader would name it. */
export interface ShownAsker {
  readonly noun: string;
  readonly key: string;
  readonly place: string;
}

/** Why a flag cannot be archived, a line for each who still asks for it, and what to do. */
export function stillAskedText(flag: string, askers: readonly ShownAsker[]): string {
  const lines = askers.map(({ noun, key, place }) => `  ${noun} \`${printable(key)}\`  ${printable(place)}\n`);
  return [
    `error: \`${printable(flag)}\` cannot be archived while others ask for it\n`,
    ...lines,
    'help: free them of it first; nothing was written\n',
  ].join('');
}

/** What code that asks for a flag should say in place of the question, once the flag is archived. */
export function inPlaceWords({ settled }: Evidence, variants: JsonObject): string {
  if (settled === undefined) return "answers differ: once it is archived, everyone gets the caller's own default";
  const { answer } = settled;
  const value = answer === null ? '' : ` (${JSON.stringify(variants[answer])})`;
  return `everyone gets ${answerWords(answer)}${value}: put that in its place in the code`;
}
