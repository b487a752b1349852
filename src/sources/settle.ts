/** When a burst of signals counts as over. */
export interface SettleTimes {
  /** milliseconds without a signal */
  readonly quiet: number;
  /** milliseconds after which a burst that does not end is over all the same */
  readonly limit: number;
}

export interface Settler {
  /** Something happened. */
  signal(): void;
  /** Forgets what is pending; resolves when a callback that runs has ended. */
  stop(): Promise<void>;
}

/**
 * Turns bursts of signals into single calls: `settled` is called once a burst is over and `isBusy` says no.
 * Calls never overlap; what is signalled during one leads to one more.
 */
export function settler(
  settled: () => Promise<void>,
  times: SettleTimes,
  isBusy: () => Promise<boolean> = async () => false,
): Settler {
  let timer: NodeJS.Timeout | undefined;
  let since: number | undefined;
  let running: Promise<void> = Promise.resolve();
  let stopped = false;

  function signal(): void {
    if (stopped) return;
    since ??= performance.now();
    clearTimeout(timer);
    timer = setTimeout(over, Math.max(0, Math.min(times.quiet, since + times.limit - performance.now())));
  }

  /** A timer may be late and come before signals that wait to be heard: those are let in first. */
  function over(): void {
    const timed = timer;
    setImmediate(() => {
      if (timer === timed && !stopped) running = running.then(finish);
    });
  }

  async function finish(): Promise<void> {
    const late = since !== undefined && performance.now() >= since + times.limit;
    if (!late && (await isBusy())) return signal();
    since = undefined;
    if (!stopped) await settled();
  }

  function stop(): Promise<void> {
    stopped = true;
    clearTimeout(timer);
    return running;
  }

  return { signal, stop };
}
