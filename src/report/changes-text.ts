import type { ChalkInstance } from 'chalk';
import type { Delta } from '../diff/delta.js';
import type { Hazard } from '../diff/hazards.js';
import type { Impact } from '../diff/impact.js';
import { type Entry, type Line, outline, type ReachedLine } from '../diff/outline.js';
import { changedWords, nounWords, placesWords } from './change-words.js';
import { evalCommand } from './eval-command.js';
import { impactWords, namedWords, populationWords, transitionWords } from './impact-words.js';
import { palette } from './palette.js';
import { printable } from './printable.js';

/** A diff for a person at a terminal: one block for each object, the risky first. */
export function changesText(delta: Delta, { colour }: { readonly colour: boolean }): string {
  const paint = palette(colour);
  const entries = outline(delta);
  const blocks = entries.map((entry) => `${entryLines(entry, delta, paint).join('\n')}\n`);
  const head = `${paint.dim(`${printable(delta.from)} → ${printable(delta.to)}:`)} ${changedWords(entries)}\n`;
  const { population } = delta.impact ?? {};
  const foot = population ? [`${paint.dim(printable(populationWords(population)))}\n`] : [];
  return [head, ...blocks, ...foot].join('\n');
}

function entryLines(entry: Entry, delta: Delta, paint: ChalkInstance): string[] {
  return [
    `${paint.bold(printable(entry.key))}${entry.noun === 'flag' ? '' : paint.dim(` ${nounWords(entry.noun)}`)}`,
    ...changeLines(entry.lines, paint),
    ...entry.hazards.flatMap((hazard) => hazardLines(hazard, paint)),
    ...reachedLines(entry.reached, paint),
    ...impactLines(entry.impacts, delta, paint),
  ];
}

function changeLines(lines: readonly Line[], paint: ChalkInstance): string[] {
  return lines.map(({ environments, text }) => `  ${paint.cyan(placesWords(environments))}  ${printable(text)}`);
}

function hazardLines({ environment, text, help }: Hazard, paint: ChalkInstance): string[] {
  const place = environment === undefined ? '' : `${environment}: `;
  return [`  ${paint.red('hazard')}  ${printable(place + text)}`, `    ${paint.dim(`help: ${help}`)}`];
}

function reachedLines(reached: readonly ReachedLine[], paint: ChalkInstance): string[] {
  if (reached.length === 0) return [];
  return [
    `  ${paint.yellow('reaches')}`,
    ...reached.map((line) => `    ${printable(line.flag)} ${paint.dim(reachedWords(line))}`),
  ];
}

function reachedWords({ environments, paths, via }: ReachedLine): string {
  const way = via.slice(1).map((node) => node.replace(':', ' '));
  const through = way.length === 0 ? '' : `, through ${way.join(', ')}`;
  return printable(`in ${environments.join(', ')} by ${paths.join(', ')}${through}`);
}

function impactLines(impacts: readonly Impact[], delta: Delta, paint: ChalkInstance): string[] {
  if (impacts.length === 0) return [];
  return [`  ${paint.magenta('impact')}`, ...impacts.flatMap((impact) => impactBlock(impact, delta, paint))];
}

function impactBlock(impact: Impact, { to }: Delta, paint: ChalkInstance): string[] {
  const { flag, environment, at } = impact;
  const when = at === undefined ? {} : { at };
  const rows = [
    ...impact.transitions.map((transition) => ({ words: transitionWords(transition), example: transition.example })),
    ...(impact.named ?? []).map((transition) => ({ words: namedWords(transition), example: transition.example })),
  ];
  return [
    `    ${paint.cyan(printable(environment))}  ${impactWords(impact)}`,
    ...rows.flatMap(({ words, example: context }) => [
      `      ${words}`,
      ...(context
        ? [paint.dim(`        ${printable(evalCommand({ flag, environment, context, ...when, side: to }))}`)]
        : []),
    ]),
  ];
}
