/** Where a client has its time from. */
export interface Time {
  /** Milliseconds since 1970, as flags understand it; may jump when somebody sets the clock. */
  now(): number;
  /** Milliseconds since some start; never jumps. */
  elapsed(): number;
  /**
   * Calls back after so many milliseconds; does not keep a process alive unless told to.
   * @returns what takes it back
   */
  after(milliseconds: number, callback: () => void, keepsAlive?: boolean): () => void;
}

/** The longest that a timer can wait. */
const LONGEST = 2 ** 31 - 1;

export const systemTime: Time = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  after: (milliseconds, callback, keepsAlive = false) => {
    const timer: unknown = setTimeout(callback, Math.min(Math.max(milliseconds, 0), LONGEST));
    if (!keepsAlive && isNodeTimer(timer)) timer.unref();
    return () => clearTimeout(timer as NodeJS.Timeout);
  },
};

/** In browsers a timer is a number. */
function isNodeTimer(timer: unknown): timer is { unref(): void } {
  return typeof timer === 'object' && timer !== null && 'unref' in timer;
}

/** Resolves after so many milliseconds, or at once when there are none or the signal is aborted. */
export function sleep(time: Time, milliseconds: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted || milliseconds <= 0) return Promise.resolve();
  return new Promise((resolve) => {
    const cancel = time.after(milliseconds, end);
    signal.addEventListener('abort', end, { once: true });

    function end(): void {
      cancel();
      signal.removeEventListener('abort', end);
      resolve();
    }
  });
}
