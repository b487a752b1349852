import { beginsLine, columnOf, lineEnd, lineStart, nextLine, nextToken } from './extent.js';
import { commentsIn, hasComments, type Scene, type Span } from './scene.js';

export interface Insertion {
  readonly flow: boolean;
  readonly text: string;
  /** The column of the entries. */
  readonly column: number;
  /** The entry that it follows, if any; otherwise it comes to stand at `first`. */
  readonly before: Span | undefined;
  readonly first: number;
}

/** A new entry of a mapping or list: after the one before it, or else in front of the first that stays. */
export function insert({ text, splices }: Scene, { flow, text: added, column, before, first }: Insertion): void {
  const separator = flow ? ', ' : `\n${' '.repeat(column)}`;
  if (before === undefined) {
    const startsLine = !flow && first === lineStart(text, first);
    const moved = startsLine ? `${' '.repeat(column)}${added}\n` : added + separator;
    splices.push({ start: first, end: first, text: moved });
  } else {
    const at = flow ? before.end : lineEnd(text, before.end);
    splices.push({ start: at, end: at, text: separator + added });
  }
}

/** Removes entries in block style, of which some stay, with their lines. */
export function removeFromBlock(scene: Scene, spans: readonly Span[], kept: readonly boolean[]): void {
  const firstKept = kept.indexOf(true);
  const first = spans[0] as Span;
  const behindDash = firstKept > 0 && !beginsLine(scene.text, first.start);
  if (behindDash) removeBehindDash(scene, first.start, (spans[firstKept] as Span).start);
  spans.forEach((span, index) => {
    if (!kept[index] && !(behindDash && index < firstKept)) removeLines(scene, span);
  });
}

/** The first entries behind a dash go; the first that stays moves up to the dash, and the comments before it too. */
function removeBehindDash(scene: Scene, start: number, next: number): void {
  const { text, splices } = scene;
  const indent = ' '.repeat(columnOf(text, next));
  const comments = commentsIn(scene, { start: nextLine(text, start), end: next });
  const moved = comments.map((comment) => `${comment}\n${indent}`).join('');
  splices.push({ start, end: next, text: moved });
}

function removeLines({ text, splices }: Scene, { start, end }: Span): void {
  splices.push({ start: lineStart(text, start), end: nextLine(text, end), text: '' });
}

/** Removes entries between braces or brackets, of which some stay, with a comma each. */
export function removeFromFlow(scene: Scene, spans: readonly Span[], kept: readonly boolean[]): void {
  for (let first = 0; first < spans.length; first += 1) {
    if (kept[first]) continue;
    let last = first;
    while (last + 1 < spans.length && !kept[last + 1]) last += 1;
    removeRun(scene, spans, first, last);
    first = last;
  }
}

/** With the comma before, or else after; comments stand in the way of both, then each goes with its own. */
function removeRun(scene: Scene, spans: readonly Span[], first: number, last: number): void {
  const end = (spans[last] as Span).end;
  const before = spans[first - 1];
  const after = spans[last + 1];
  const withBefore = before && { start: before.end, end };
  const withAfter = after && { start: (spans[first] as Span).start, end: after.start };
  const whole = [withBefore, withAfter].find((span) => span !== undefined && !hasComments(scene, span));
  if (whole !== undefined) scene.splices.push({ ...whole, text: '' });
  else for (const span of spans.slice(first, last + 1)) removeWithComma(scene, span);
}

/** A comma that is left at the end is allowed in flow style. */
function removeWithComma({ text, splices }: Scene, { start, end }: Span): void {
  const next = nextToken(text, end);
  const comma = text[next] === ',' ? next : undefined;
  const near = comma !== undefined && text.slice(end, comma).trim() === '';
  const until = near ? comma + 1 : end;
  if (comma !== undefined && !near) splices.push({ start: comma, end: comma + 1, text: '' });
  const alone = beginsLine(text, start) && text.slice(until, lineEnd(text, until)).trim() === '';
  if (alone) splices.push({ start: lineStart(text, start), end: nextLine(text, until), text: '' });
  else splices.push({ start, end: until, text: '' });
}
