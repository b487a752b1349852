/** One server-sent event (https://html.spec.whatwg.org/multipage/server-sent-events.html). */
export interface Frame {
  readonly id?: string;
  /** `message` if left out. */
  readonly event?: string;
  /** One line: JSON never holds a raw line break. */
  readonly data?: string;
  /** milliseconds that a client waits before it connects again */
  readonly retry?: number;
}

const LINE_BREAK = /[\r\n\0]/;

/**
 * The text of one event, blank line included.
 * @throws RangeError when a field holds a line break, which would forge another field
 */
export function encodeFrame({ id, event, data, retry }: Frame): string {
  const lines = [
    id === undefined ? '' : field('id', id),
    event === undefined ? '' : field('event', event),
    retry === undefined ? '' : field('retry', String(retry)),
    data === undefined ? '' : field('data', data),
  ];
  return `${lines.join('')}\n`;
}

/** A comment keeps a connection alive and fires nothing. */
export function encodeComment(text: string): string {
  refuseLineBreaks('comment', text);
  return `: ${text}\n\n`;
}

function field(name: string, value: string): string {
  refuseLineBreaks(name, value);
  return `${name}: ${value}\n`;
}

function refuseLineBreaks(name: string, value: string): void {
  if (LINE_BREAK.test(value)) throw new RangeError(`a line break in the ${name} of a server-sent event`);
}
