import type { ChalkInstance } from 'chalk';
import type { Delta } from '../diff/delta.js';
import type { Hazard } from '../diff/hazards.js';
import { type Entry, type ImpactLine, type Line, outline, type ReachedLine } from '../diff/outline.js';
import { askingWords, changedWords, nounWords, placesWords, wayWords } from './change-words.js';
import { exampleRows } from './eval-command.js';
import { impactWords, populationWords } from './impact-words.js';
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
    titleLine(entry, paint),
    ...changeLines(entry.lines, paint),
    ...entry.hazards.flatMap((hazard) => hazardLines(hazard, paint)),
    ...reachedLines(entry.reached, paint),
    ...impactLines(entry.impacts, delta, paint),
  ];
}

function titleLine({ noun, key, lines, through }: Entry, paint: ChalkInstance): string {
  const kind = noun === 'flag' ? '' : ` ${nounWords(noun)}`;
  const why = lines.length > 0 || through.length === 0 ? '' : ` through ${printable(through.join(', '))}`;
  return paint.bold(printable(key)) + paint.dim(kind + why);
}

function changeLines(lines: readonly Line[], paint: ChalkInstance): string[] {
  const places = lines.map(({ environments }) => printable(placesWords(environments)));
  const width = Math.max(...places.map((place) => place.length));
  return lines.map(({ text }, at) => `  ${paint.cyan((places[at] ?? '').padEnd(width))}  ${printable(text)}`);
}

function hazardLines({ environment, text, help }: Hazard, paint: ChalkInstance): string[] {
  const place = environment === undefined ? '' : `${environment}: `;
  return [`  ${paint.red('hazard')}  ${printable(place + text)}`, `    ${paint.dim(`help: ${help}`)}`];
}

function reachedLines(reached: readonly ReachedLine[], paint: ChalkInstance): string[] {
  if (reached.length === 0) return [];
  return [
    `  ${paint.yellow('reaches')}`,
    ...reached.map((line) => `    ${printable(line.flag)}  ${paint.dim(printable(reachedWords(line)))}`),
  ];
}

function reachedWords({ environments, paths, via }: ReachedLine): string {
  const way = wayWords(via);
  return `${environments.join(', ')}: ${paths.map(askingWords).join(', ')}${way === '' ? '' : `, through ${way}`}`;
}

function impactLines(impacts: readonly ImpactLine[], delta: Delta, paint: ChalkInstance): string[] {
  if (impacts.length === 0) return [];
  return [`  ${paint.magenta('impact')}`, ...impacts.flatMap((impact) => impactBlock(impact, delta, paint))];
}

function impactBlock(impact: ImpactLine, { to }: Delta, paint: ChalkInstance): string[] {
  return [
    `    ${paint.cyan(printable(impact.environments.join(', ')))}  ${impactWords(impact)}`,
    ...exampleRows(impact, to).flatMap(({ words, command }) => [
      `      ${words}`,
      ...(command === undefined ? [] : [paint.dim(`        ${printable(command)}`)]),
    ]),
  ];
}
