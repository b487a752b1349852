import { createParser, type EventSourceMessage } from 'eventsource-parser';

export interface Listener {
  readonly status: number;
  readonly headers: Headers;
  /** Everything that has come so far. */
  readonly events: readonly EventSourceMessage[];
  /** The first event from here on that fits. */
  next(fits?: (event: EventSourceMessage) => boolean): Promise<EventSourceMessage>;
  /** Resolves when the server has ended the stream; gives the text that came. */
  ended(): Promise<string>;
  close(): void;
}

/** Listens to a stream of events. */
export async function listenTo(url: string, headers: Readonly<Record<string, string>> = {}): Promise<Listener> {
  const controller = new AbortController();
  const response = await fetch(url, { headers, signal: controller.signal });
  const events: EventSourceMessage[] = [];
  const waiting = new Set<() => void>();
  let read = 0;
  let text = '';
  const parser = createParser({
    onEvent: (event) => {
      events.push(event);
      for (const look of waiting) look();
    },
  });
  const ended = (async () => {
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) {
      const piece = decoder.decode(chunk, { stream: true });
      text += piece;
      parser.feed(piece);
    }
    return text;
  })();
  ended.catch(() => undefined);

  function next(fits: (event: EventSourceMessage) => boolean = () => true): Promise<EventSourceMessage> {
    return new Promise((resolve, reject) => {
      const look = () => {
        while (read < events.length) {
          const event = events[read];
          read += 1;
          if (event === undefined || !fits(event)) continue;
          waiting.delete(look);
          resolve(event);
          return;
        }
      };
      waiting.add(look);
      look();
      ended.then(() => reject(new Error('the stream has ended')), reject);
    });
  }

  return {
    status: response.status,
    headers: response.headers,
    events,
    next,
    ended: () => ended,
    close: () => controller.abort(),
  };
}
