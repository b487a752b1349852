import { Refusal } from '../../diagnostics/refusal.js';
import { historyOf, type KnownAges } from '../../history/flag-history.js';
import { inSlices } from '../../history/slices.js';
import { flagsIn } from '../../lifecycle/gather.js';
import type { State } from '../../lifecycle/state.js';
import { type FactsWithoutCode, stateTeller } from '../../lifecycle/without-code.js';
import type { Snapshot } from '../../model/snapshot.js';
import type { Parts } from '../parts.js';
import type { Served } from '../served.js';
import type { Tallies } from '../tallies.js';

/** Where the flags of one state stand in their lives. */
export interface Standing {
  /** By key; of archived flags only those that somebody asks for. */
  readonly states: ReadonlyMap<string, State>;
  /** Of flags whose age is not known no state is told that depends on it. */
  readonly ages: AgesTold;
}

type AgesTold =
  | { readonly known: false; readonly reason: string }
  /** `cut_off_at`: a shallow clone hides what was before this commit. */
  | { readonly known: true; readonly cut_off_at?: string };

/** Time moves flags too: an answer counts for so long; milliseconds. */
const MINUTE = 60_000;

/** How often active flags are asked for makes no difference as long as nobody knows who asks. */
const NONE: ReadonlyMap<string, number> = new Map();

/** How many flags are looked at in one go: a few milliseconds, which an evaluation has to wait. */
const AT_A_TIME = 25;

/**
 * Where the served flags stand, for whoever asks: looked up when the first one asks, of one state after the other, in
 * slices between which evaluations go on.
 */
export class Standings {
  readonly #parts: Pick<Parts, 'clock' | 'ages'>;
  readonly #tallies: Tallies;
  readonly #since: number;
  readonly #known = new WeakMap<Served, { readonly minute: number; readonly standing: Promise<Standing> }>();
  readonly #ages = new WeakMap<Served, KnownAges>();
  #last: Promise<void> = Promise.resolve();

  constructor(parts: Pick<Parts, 'clock' | 'ages'>, tallies: Tallies) {
    this.#parts = parts;
    this.#tallies = tallies;
    this.#since = parts.clock();
  }

  /** @param served as the repository says, without what lies over it */
  of(served: Served): Promise<Standing> {
    const now = this.#parts.clock();
    const minute = Math.floor(now / MINUTE);
    const known = this.#known.get(served);
    if (known?.minute === minute) return known.standing;
    const standing = this.#last.then(() => this.#look(served, now));
    this.#last = standing.then(
      () => undefined,
      () => void this.#known.delete(served),
    );
    this.#known.set(served, { minute, standing });
    return standing;
  }

  async #look(served: Served, now: number): Promise<Standing> {
    const ages = await this.#agesOf(served, now);
    const evaluations = {
      since: this.#since,
      allSince: this.#since,
      byFlag: NONE,
      inVain: this.#tallies.askedInVain(),
      unknown: 0,
    };
    if (ages instanceof Refusal) {
      const states = await statesOf(served.snapshot, { now, evaluations });
      return { states, ages: { known: false, reason: ages.message } };
    }
    const states = await statesOf(served.snapshot, { now, evaluations, times: historyOf(ages, now) });
    return { states, ages: { known: true, ...(ages.cutOffAt !== undefined && { cut_off_at: ages.cutOffAt }) } };
  }

  async #agesOf(served: Served, now: number): Promise<KnownAges | Refusal> {
    const reader = this.#parts.ages;
    if (reader === undefined) return new Refusal('unavailable', 'the flags are in no git repository');
    try {
      const ages = this.#ages.get(served) ?? (await reader.read(served, now));
      if (reader.lasting) this.#ages.set(served, ages);
      return ages;
    } catch (error) {
      if (error instanceof Refusal) return error;
      throw error;
    }
  }
}

async function statesOf(snapshot: Snapshot, facts: FactsWithoutCode): Promise<Map<string, State>> {
  const stateOf = stateTeller(snapshot, facts);
  const states = new Map<string, State>();
  for await (const some of inSlices(flagsIn(snapshot), AT_A_TIME)) {
    for (const flag of some) {
      const state = stateOf(flag);
      if (state !== undefined) states.set(flag.key, state);
    }
  }
  return states;
}
