import type { Exposure } from '../../experiment/exposure.js';
import { type ExperimentWindow, type FindWindow, windowsOf } from '../../experiment/window.js';
import { isReason } from '../../model/evaluation.js';
import type { Flag } from '../../model/flag.js';
import type { Snapshot } from '../../model/snapshot.js';
import type { Served } from '../served.js';

/** Of exposures to a revision that this server does not know: nobody can say what the split was. */
const UNKNOWN = { id: 'unknown', split: [] };

/** Revisions whose experiments are remembered, for clients that lag behind. */
const REMEMBERED = 200;

/** Environment to key to flag, of those that have an experiment. */
type Revision = ReadonlyMap<string, ReadonlyMap<string, Flag>>;

/** As what an exposure is counted. */
interface Found {
  readonly window: Pick<ExperimentWindow, 'id' | 'split'>;
  readonly reason: string;
}

/** The experiments of what was served lately. What callers make up is in none of them, so it takes no room. */
export class Experiments {
  /** By version, the oldest first. */
  readonly #revisions = new Map<string, Revision>();
  #newest: Revision = new Map();
  /** Of flags that are the same in many revisions they are made once. */
  readonly #windows = new WeakMap<Flag, FindWindow>();

  get isEmpty(): boolean {
    return this.#revisions.size === 0;
  }

  remember({ revision, snapshot }: Served): void {
    this.#newest = experimentsIn(snapshot);
    this.#revisions.delete(revision.version);
    this.#revisions.set(revision.version, this.#newest);
    const [oldest] = this.#revisions.keys();
    if (oldest !== undefined && this.#revisions.size > REMEMBERED) this.#revisions.delete(oldest);
  }

  /** Those of the revision that was remembered last; one that is archived takes nobody any more. */
  get current(): { readonly flag: string; readonly environment: string }[] {
    return [...this.#newest].flatMap(([environment, flags]) =>
      [...flags.values()].flatMap(({ key, state }) => (state === 'archived' ? [] : [{ flag: key, environment }])),
    );
  }

  /**
   * @param at milliseconds since 1970
   * @returns nothing where neither that revision nor the newest has such an experiment
   */
  find({ version, environment, flag_key, variant_key, reason }: Exposure, at: number): Found | undefined {
    const own = this.#revisions.get(version)?.get(environment)?.get(flag_key);
    const flag = own ?? this.#newest.get(environment)?.get(flag_key);
    if (flag === undefined) return undefined;
    const window = (own && this.#windowsOf(own)?.(at)) ?? UNKNOWN;
    return { window, reason: reasonOf(reason, Object.hasOwn(flag.variants, variant_key)) };
  }

  /**
   * The id of the window that an experiment is in.
   * @param now milliseconds since 1970
   * @returns nothing where there is no such experiment now
   */
  windowNow(flag: string, environment: string, now: number): string | undefined {
    const found = this.#newest.get(environment)?.get(flag);
    return found && this.#windowsOf(found)?.(now).id;
  }

  #windowsOf(flag: Flag): FindWindow | undefined {
    const known = this.#windows.get(flag);
    if (known !== undefined) return known;
    const fresh = windowsOf(flag);
    if (fresh !== undefined) this.#windows.set(flag, fresh);
    return fresh;
  }
}

function experimentsIn({ definitions }: Snapshot): Revision {
  const all = [...definitions].map(([environment, { flags }]) => {
    const running = flags.filter(({ experiment }) => experiment !== undefined);
    return [environment, new Map(running.map((flag) => [flag.key, flag]))] as const;
  });
  return new Map(all);
}

/** A flag has so many variants and there are so many reasons: what else is said is counted together. */
function reasonOf(reason: string, isVariant: boolean): string {
  if (!isReason(reason)) return 'OTHER';
  return reason === 'SPLIT' && !isVariant ? 'UNKNOWN_VARIANT' : reason;
}
