import type { Reference } from '../lifecycle/evidence.js';
import { linesOf, type Mention } from '../lifecycle/references.js';
import type { Asked } from '../lifecycle/stale.js';

/** Gathers where code speaks of flags, in the order of the files. */
export class Finds {
  readonly references = new Map<string, Reference[]>();
  readonly asked: Asked[] = [];
  readonly #asked = new Map<string, Reference[]>();

  /** A line counts once for a key. */
  add(file: string, text: string, found: readonly Mention[]): void {
    if (found.length === 0) return;
    const mentions = [...found].sort((a, b) => a.offset - b.offset);
    const lines = linesOf(
      text,
      mentions.map(({ offset }) => offset),
    );
    for (const [at, mention] of mentions.entries()) this.#note(mention, { file, line: lines[at] ?? 1 });
  }

  #note({ key, asked }: Mention, place: Reference): void {
    if (asked && !this.#asked.has(key)) {
      const places: Reference[] = [];
      this.#asked.set(key, places);
      this.asked.push({ key, places });
    }
    if (asked) keep(this.#asked.get(key) ?? [], place);
    const known = this.references.get(key) ?? [];
    this.references.set(key, known);
    keep(known, place);
  }
}

function keep(places: Reference[], place: Reference): void {
  const last = places.at(-1);
  if (last?.file !== place.file || last.line !== place.line) places.push(place);
}
