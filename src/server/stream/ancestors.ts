import type { Snapshot } from '../../model/snapshot.js';
import { compile } from '../../project/compile.js';
import { type EventId, formatEventId } from '../../wire/event-id.js';
import type { FlagSource } from '../refresh/source.js';
import type { Served } from '../served.js';

/** How many snapshots are kept, those that were served and those that were looked up. */
const KEPT = 8;

interface Known {
  readonly version: string;
  readonly snapshot: Snapshot;
}

/** The states that streams can be resumed from: those served lately, and any that the source still knows. */
export class Ancestors {
  readonly #source: Pick<FlagSource, 'descends' | 'load'>;
  readonly #known = new Map<string, Promise<Known | undefined>>();

  constructor(source: Pick<FlagSource, 'descends' | 'load'>) {
    this.#source = source;
  }

  /** This state is served now, and may be resumed from later. */
  remember({ position, revision, snapshot }: Served): void {
    void this.#keep(stemOf(position), Promise.resolve({ version: revision.version, snapshot }));
  }

  /** The snapshot that had this id; `undefined` when `served` does not come from it, as far as anybody knows. */
  async find(id: EventId, served: Served): Promise<Snapshot | undefined> {
    if (id.n !== 0) return undefined;
    const stem = stemOf(id);
    const known = await (this.#known.get(stem) ?? this.#keep(stem, this.#load(id, served)));
    if (known === undefined) this.#known.delete(stem);
    const leadsHere = known !== undefined && (await this.#descends(known.version, served.revision.version));
    return leadsHere ? known.snapshot : undefined;
  }

  async #load({ height, history }: EventId, served: Served): Promise<Known | undefined> {
    const candidate = await this.#source.load({ height, history }, served.revision.version);
    if (candidate === undefined) return undefined;
    const { snapshot } = compile(candidate.files);
    return snapshot === undefined ? undefined : { version: candidate.revision.version, snapshot };
  }

  async #descends(before: string, after: string): Promise<boolean> {
    return before === after || this.#source.descends(before, after).catch(() => false);
  }

  #keep(stem: string, known: Promise<Known | undefined>): Promise<Known | undefined> {
    this.#known.set(stem, known);
    const [oldest] = this.#known.keys();
    if (this.#known.size > KEPT && oldest !== undefined) this.#known.delete(oldest);
    return known;
  }
}

function stemOf({ height, history }: Omit<EventId, 'n'>): string {
  return formatEventId({ height, history, n: 0 });
}
