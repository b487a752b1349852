import type { LifecycleEntry } from '../lifecycle/stale.js';
import { codeCell, plainMarkdown } from './code-span.js';
import { evidenceWords, stateWords } from './lifecycle-words.js';

/** Rows of a table, fit for a comment or an issue. */
export function lifecycleMarkdown(entries: readonly LifecycleEntry[]): string {
  const title = `### Flags that have outlived their use: ${entries.length}\n`;
  if (entries.length === 0) return title;
  const head = ['| flag | state | owner | evidence | what to do |', '| --- | --- | --- | --- | --- |'];
  return [title, ...head, ...entries.map(row), ''].join('\n');
}

function row(entry: LifecycleEntry): string {
  const evidence = evidenceWords(entry).map(plainMarkdown).join('; ');
  const cells = [
    codeCell(entry.flag),
    stateWords(entry.state),
    plainMarkdown(entry.owner ?? ''),
    evidence,
    plainMarkdown(entry.action),
  ];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}
