import type { Node } from 'yaml';
import type { Json } from '../model/json.js';
import type { Splice } from './splice.js';

/** Part of a text, by offsets; the end is exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Where a value stands: behind a colon or a dash, whose line begins in `column`. */
export interface Place {
  readonly after: number;
  readonly column: number;
  /** Inside braces or brackets, where a comment must not swallow what follows on its line. */
  readonly flow: boolean;
  readonly render: (value: Json, column: number) => string;
}

/** One pass over a text. */
export interface Scene {
  readonly text: string;
  /** In the order of the text. */
  readonly comments: readonly Span[];
  readonly splices: Splice[];
  /** Makes a node say `target`. */
  amend(node: Node | null, target: Json, place: Place): void;
  /** Asks for another pass: this one moved things, the next one changes them. */
  again(): void;
}

/** The comments that begin within a span. */
export function commentsIn({ text, comments }: Scene, { start, end }: Span): string[] {
  const inside = comments.filter((comment) => comment.start >= start && comment.start < end);
  return inside.map((comment) => text.slice(comment.start, comment.end).trimEnd());
}

export function hasComments({ comments }: Scene, { start, end }: Span): boolean {
  return comments.some((comment) => comment.start >= start && comment.start < end);
}
