import { isMap, isSeq, type Node, type Pair } from 'yaml';

/** An entry of a mapping as the library composes it. */
export type Entry = Pair<Node, Node | null>;

/** The offset after the last character of a node; comments behind it or below it are not part of it. */
export function endOf(text: string, node: Node): number {
  let last = node;
  for (let next = lastOf(last); next !== undefined; next = lastOf(last)) last = next;
  const [, end] = last.range ?? [0, 0];
  const [start] = node.range ?? [0];
  return start + text.slice(start, end).trimEnd().length;
}

function lastOf(node: Node): Node | undefined {
  if (isSeq(node)) return node.flow ? undefined : (node.items.at(-1) as Node | undefined);
  if (!isMap(node) || node.flow) return undefined;
  const pair = node.items.at(-1) as Entry | undefined;
  return pair?.value ?? pair?.key;
}

/** The offset after the colon of an entry; after its key where there is no colon. */
export function afterColon(text: string, { key }: Entry): number {
  const end = key.range?.[1] ?? 0;
  const colon = /^\s*:/.exec(text.slice(end, lineEnd(text, end)));
  return end + (colon?.[0].length ?? 0);
}

/** The offset after the last character of an entry. */
export function endOfEntry(text: string, entry: Entry): number {
  const colon = afterColon(text, entry);
  return entry.value === null ? colon : Math.max(colon, endOf(text, entry.value));
}

export function startOf(node: Node): number {
  return node.range?.[0] ?? 0;
}

/** The offset of the next character that is neither white space nor in a comment. Never call it inside a scalar. */
export function nextToken(text: string, offset: number): number {
  let at = offset;
  while (at < text.length) {
    if (text[at] === '#') at = lineEnd(text, at);
    else if (/\s/.test(text.charAt(at))) at += 1;
    else break;
  }
  return at;
}

/** The offset of the first character of the line that `offset` is on. */
export function lineStart(text: string, offset: number): number {
  return offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1;
}

/** The offset of the line break that ends the line of `offset`, or of the end of the text. */
export function lineEnd(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  if (end === -1) return text.length;
  return text[end - 1] === '\r' && end > offset ? end - 1 : end;
}

/** The offset of the line after that of `offset`, or the end of the text. */
export function nextLine(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  return end === -1 ? text.length : end + 1;
}

/** The column, from 0, in which `offset` stands. */
export function columnOf(text: string, offset: number): number {
  return offset - lineStart(text, offset);
}

/** Is there nothing but white space before `offset` on its line? */
export function beginsLine(text: string, offset: number): boolean {
  return text.slice(lineStart(text, offset), offset).trim() === '';
}

/** The start of the comment lines that stand right above `offset`'s line in its own column, or of that line. */
export function withComments(text: string, offset: number): number {
  const column = columnOf(text, offset);
  let start = lineStart(text, offset);
  while (start > 0) {
    const above = lineStart(text, start - 1);
    const line = text.slice(above, start);
    if (line.search(/\S/) !== column || line[column] !== '#') break;
    start = above;
  }
  return start;
}
