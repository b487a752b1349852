import type { LifecycleEntry } from '../lifecycle/stale.js';
import { isStale } from '../lifecycle/state.js';
import { evidenceWords, stateWords } from './lifecycle-words.js';
import { palette } from './palette.js';
import { printable } from './printable.js';

/** How many places in the code a person wants to see of one flag. */
const SHOWN = 5;

/** Each flag with its state, the evidence, where the code speaks of it, and what to do. */
export function lifecycleText(entries: readonly LifecycleEntry[], { colour }: { readonly colour: boolean }): string {
  const paint = palette(colour);
  return entries.map((entry) => block(entry)).join('\n');

  function block(entry: LifecycleEntry): string {
    const { flag, state, owner, action, evidence } = entry;
    const tint = isStale(state) ? paint.yellow : paint.dim;
    const places = evidence.references ?? [];
    const lines = [
      `${paint.bold(printable(flag))}  ${tint(stateWords(state))}${owner === undefined ? '' : paint.dim(`  ${printable(owner)}`)}`,
      ...evidenceWords(entry).map((words) => `  ${printable(words)}`),
      ...places.slice(0, SHOWN).map(({ file, line }) => paint.dim(`    ${printable(file)}:${line}`)),
      ...(places.length > SHOWN ? [paint.dim(`    and ${places.length - SHOWN} more`)] : []),
      ...(isStale(state) ? [`  ${paint.cyan('→')} ${printable(action)}`] : []),
    ];
    return `${lines.join('\n')}\n`;
  }
}
