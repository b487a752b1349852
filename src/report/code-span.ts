import { printable } from './printable.js';

/** Text as a Markdown code span: nothing in it is markup, and nobody is mentioned by it. */
export function codeSpan(text: string): string {
  const plain = printable(text);
  const longest = Math.max(0, ...[...plain.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  const padding = longest > 0 || plain.trim() !== plain || plain === '' ? ' ' : '';
  return `${fence}${padding}${plain}${padding}${fence}`;
}

/** A code span for a cell of a table, where a bar would end the cell. */
export function codeCell(text: string): string {
  return codeSpan(text).replaceAll('|', '\\|');
}

/** Words outside of code: nothing in them is markup, and nobody is mentioned by them. */
export function plainMarkdown(text: string): string {
  return printable(text)
    .replace(/[\\`*_{}[\]<>#|~]/g, (mark) => `&#${mark.charCodeAt(0)};`)
    .replaceAll('@', '@\u200b');
}
