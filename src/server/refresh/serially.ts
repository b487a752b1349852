/**
 * A task that never runs twice at a time: whoever asks while it runs waits for one more run, which begins
 * when this one has ended and serves all who have asked by then.
 */
export function serially(task: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  let next: Promise<void> | undefined;

  function run(): Promise<void> {
    if (next !== undefined) return next;
    if (running === undefined) return begin();
    next = running.catch(() => undefined).then(begin);
    return next;
  }

  function begin(): Promise<void> {
    next = undefined;
    const run = task().finally(() => {
      if (running === run) running = undefined;
    });
    running = run;
    return run;
  }

  return run;
}
