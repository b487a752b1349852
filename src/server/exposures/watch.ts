import type { ExposureLedger } from './ledger.js';

/** Looks now and then whether the splits of the experiments that are served hold, and tells of each that does not. */
export class RatioWatch {
  readonly #ledger: ExposureLedger;
  readonly #warn: (message: string) => void;
  /** Flag and environment of each experiment, and whether the window that it is in is skewed. */
  #states: readonly { readonly flag: string; readonly environment: string; readonly skewed: boolean }[] = [];

  constructor(ledger: ExposureLedger, warn: (message: string) => void) {
    this.#ledger = ledger;
    this.#warn = warn;
  }

  /** Never rejects: what cannot be read is looked at the next time. */
  async look(): Promise<void> {
    const before = new Set(this.#states.filter(({ skewed }) => skewed).map(nameOf));
    try {
      this.#states = await Promise.all(this.#ledger.experiments().map((one) => this.#stateOf(one)));
    } catch {
      return;
    }
    for (const one of this.#states) {
      if (!one.skewed || before.has(nameOf(one))) continue;
      this.#warn(
        `the split of \`${one.flag}\` in ${one.environment} does not hold: see \`flagstaff exposures ${one.flag}\``,
      );
    }
  }

  /** The experiments that have users now that the split does not explain. */
  get skewed(): readonly { readonly flag: string; readonly environment: string }[] {
    return this.#states.filter(({ skewed }) => skewed).map(({ flag, environment }) => ({ flag, environment }));
  }

  async #stateOf({ flag, environment }: { readonly flag: string; readonly environment: string }) {
    const ratio = await this.#ledger.currentRatio(flag, environment);
    return { flag, environment, skewed: ratio?.state === 'skewed' };
  }
}

function nameOf({ flag, environment }: { readonly flag: string; readonly environment: string }): string {
  return `${environment} ${flag}`;
}
