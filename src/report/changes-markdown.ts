import type { Delta } from '../diff/delta.js';
import type { Hazard } from '../diff/hazards.js';
import { type Entry, type ImpactLine, outline, type ReachedLine } from '../diff/outline.js';
import { askingWords, changedWords, nounWords, wayWords } from './change-words.js';
import { codeCell, codeSpan, plainMarkdown } from './code-span.js';
import { exampleRows } from './eval-command.js';
import { impactWords, populationWords } from './impact-words.js';

/** A diff as Markdown, fit for a comment: the risky first, what is long folded. */
export function changesMarkdown(delta: Delta): string {
  const entries = outline(delta);
  const head = `### Flag changes: ${changedWords(entries)}\n\n${codeSpan(delta.from)} → ${codeSpan(delta.to)}\n`;
  return [head, changesBody(entries, delta)].filter((part) => part !== '').join('\n');
}

/** The entries, one below the other, without a heading above them. */
export function changesBody(entries: readonly Entry[], delta: Delta): string {
  const blocks = entries.map((entry) => entryBlock(entry, delta));
  const { population } = delta.impact ?? {};
  return [...blocks, ...(population ? [`_${plainMarkdown(populationWords(population))}_\n`] : [])].join('\n');
}

function entryBlock(entry: Entry, delta: Delta): string {
  const lines = [
    ...entry.hazards.map(hazardLine),
    ...entry.impacts.map((impact) => `- impact in ${placesSpan(impact.environments)}: ${impactWords(impact)}`),
    ...entry.lines.map(({ environments, text }) => `- ${placesSpan(environments)}: ${codeSpan(text)}`),
  ];
  const folded = [...reachedFold(entry.reached), ...examplesFold(entry.impacts, delta)];
  return `${[title(entry), '', ...lines, ...folded].join('\n')}\n`;
}

function title({ noun, key, lines, through }: Entry): string {
  const why = lines.length > 0 || through.length === 0 ? '' : ` through ${through.map(codeSpan).join(', ')}`;
  return `**${codeSpan(key)}**${noun === 'flag' ? '' : ` ${nounWords(noun)}`}${why}`;
}

function placesSpan(environments: readonly string[]): string {
  return environments.length === 0 ? 'everywhere' : environments.map(codeSpan).join(', ');
}

function hazardLine({ environment, text, help }: Hazard): string {
  const place = environment === undefined ? '' : ` in ${codeSpan(environment)}`;
  return `- :warning: hazard${place}: ${codeSpan(text)} (${plainMarkdown(help)})`;
}

function reachedFold(reached: readonly ReachedLine[]): string[] {
  if (reached.length === 0) return [];
  const flags = new Set(reached.map(({ flag }) => flag)).size;
  const rows = reached.map(({ flag, environments, paths, via }) => {
    const [by, way] = [paths.map(askingWords).join(', '), wayWords(via)];
    return row(codeCell(flag), cells(environments), codeCell(by), way === '' ? '' : codeCell(way));
  });
  return fold(`reaches ${flags === 1 ? '1 flag' : `${flags} flags`}`, [
    ...heading('flag', 'environments', 'by', 'through'),
    ...rows,
  ]);
}

function examplesFold(impacts: readonly ImpactLine[], { to }: Delta): string[] {
  const rows = impacts.flatMap((impact) =>
    exampleRows(impact, to).map(({ words, command }) =>
      row(cells(impact.environments), codeCell(words), command === undefined ? '' : codeCell(command)),
    ),
  );
  return rows.length === 0 ? [] : fold('who gets what', [...heading('environments', 'transition', 'example'), ...rows]);
}

function heading(...titles: readonly string[]): string[] {
  return [row(...titles), row(...titles.map(() => '---'))];
}

function row(...columns: readonly string[]): string {
  return `| ${columns.join(' | ')} |`;
}

function cells(names: readonly string[]): string {
  return names.map(codeCell).join(', ');
}

function fold(summary: string, lines: readonly string[]): string[] {
  return ['', `<details><summary>${summary}</summary>`, '', ...lines, '', '</details>'];
}
