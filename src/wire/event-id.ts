/**
 * The id of a stream event: `<height>-<n>-<history>`. `height` grows with every descendant commit,
 * `n` counts down within one batch: how many of its events are still to come, so 0 stands for a whole state
 * and nothing else can be resumed from. `history` tells histories apart (the first 12 digits of the commit,
 * or a random value of this start where flags come from a working tree).
 */
export interface EventId {
  readonly height: number;
  readonly n: number;
  readonly history: string;
}

const FORM = /^(0|[1-9]\d{0,14})-(0|[1-9]\d{0,14})-([0-9a-f]{12})$/;

export function formatEventId({ height, n, history }: EventId): string {
  return `${height}-${n}-${history}`;
}

/** `undefined`: not an id of ours. */
export function parseEventId(text: string): EventId | undefined {
  const match = FORM.exec(text);
  if (match === null) return undefined;
  return { height: Number(match[1]), n: Number(match[2]), history: match[3] as string };
}
