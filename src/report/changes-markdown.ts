import type { Delta } from '../diff/delta.js';
import type { Hazard } from '../diff/hazards.js';
import type { Impact } from '../diff/impact.js';
import { type Entry, outline, type ReachedLine } from '../diff/outline.js';
import { changedWords, nounWords, placesWords } from './change-words.js';
import { codeCell, codeSpan } from './code-span.js';
import { evalCommand } from './eval-command.js';
import { impactWords, namedWords, populationWords, transitionWords } from './impact-words.js';

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
  return [...blocks, ...(population ? [`_${escaped(populationWords(population))}_\n`] : [])].join('\n');
}

function entryBlock(entry: Entry, delta: Delta): string {
  const title = `**${codeSpan(entry.key)}**${entry.noun === 'flag' ? '' : ` ${nounWords(entry.noun)}`}`;
  const lines = [
    ...entry.hazards.map(hazardLine),
    ...entry.impacts.map((impact) => `- impact in ${codeSpan(impact.environment)}: ${impactWords(impact)}`),
    ...entry.lines.map(({ environments, text }) => `- ${placesWords(environments)}: ${codeSpan(text)}`),
  ];
  const folded = [...reachedFold(entry.reached), ...examplesFold(entry.impacts, delta)];
  return `${[title, '', ...lines, ...folded].join('\n')}\n`;
}

function hazardLine({ environment, text, help }: Hazard): string {
  const place = environment === undefined ? '' : ` in ${codeSpan(environment)}`;
  return `- :warning: hazard${place}: ${codeSpan(text)} (${help})`;
}

function reachedFold(reached: readonly ReachedLine[]): string[] {
  if (reached.length === 0) return [];
  const flags = new Set(reached.map(({ flag }) => flag)).size;
  const rows = reached.map(({ flag, environments, paths, via }) => {
    const way = via.slice(1).map((node) => node.replace(':', ' '));
    return `| ${codeCell(flag)} | ${environments.join(', ')} | ${paths.map(codeCell).join(', ')} | ${way.map(codeCell).join(', ')} |`;
  });
  const table = ['| flag | environments | by | through |', '| --- | --- | --- | --- |', ...rows];
  return fold(`reaches ${flags === 1 ? '1 flag' : `${flags} flags`}`, table);
}

function examplesFold(impacts: readonly Impact[], { to }: Delta): string[] {
  const rows = impacts.flatMap((impact) => {
    const { flag, environment, at } = impact;
    const when = at === undefined ? {} : { at };
    const told = [
      ...impact.transitions.map((transition) => ({ words: transitionWords(transition), example: transition.example })),
      ...(impact.named ?? []).map((transition) => ({ words: namedWords(transition), example: transition.example })),
    ];
    return told.map(({ words, example: context }) => {
      const command = context ? codeCell(evalCommand({ flag, environment, context, ...when, side: to })) : '';
      return `| ${environment} | ${codeCell(words)} | ${command} |`;
    });
  });
  if (rows.length === 0) return [];
  return fold('who gets what', ['| environment | transition | example |', '| --- | --- | --- |', ...rows]);
}

function fold(summary: string, lines: readonly string[]): string[] {
  return ['', `<details><summary>${summary}</summary>`, '', ...lines, '', '</details>'];
}

/** Plain words, with what Markdown or HTML would take for markup made harmless. */
function escaped(text: string): string {
  return text.replace(/[\\`*_{}[\]<>#|@]/g, (mark) => `&#${mark.charCodeAt(0)};`);
}
