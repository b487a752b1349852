import { didYouMean } from '../diagnostics/suggest.js';
import type { At } from './places.js';
import type { RuleFinding } from './rule.js';

const FEW = 8;

/** The finding for a name that nothing has, with the nearest of those that there are. */
export function unknown(
  kind: string,
  name: string,
  { file, pointer, target }: At,
  known: Iterable<string>,
): RuleFinding {
  const names = [...known];
  return {
    file,
    pointer,
    ...(target === undefined ? {} : { target }),
    message: `there is no ${kind} \`${name}\``,
    help: didYouMean(name, names) ?? choices(kind, names),
  };
}

function choices(kind: string, names: readonly string[]): string {
  if (names.length === 0) return `there is no ${kind} yet`;
  const some = names.slice(0, FEW).map((name) => `\`${name}\``);
  return `there is ${some.join(', ')}${names.length > FEW ? ` and ${names.length - FEW} more` : ''}`;
}
