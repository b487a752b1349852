import { relative, resolve, sep } from 'node:path';
import { isGenerated } from '../codegen/generated.js';
import type { Reference, Removal } from '../lifecycle/evidence.js';
import { linesOf, type Mention, mentionsIn, wantedOf } from '../lifecycle/references.js';
import type { Asked } from '../lifecycle/stale.js';
import { type CodeFile, lastMention, readCode } from '../sources/code.js';
import { AccessorScan } from './accessor-scan.js';
import type { CompiledRepository } from './compiled.js';
import type { Terminal } from './terminal.js';

/** What code says of flags. */
export interface CodeFacts {
  /** By key, in the order of the files. */
  readonly references: ReadonlyMap<string, readonly Reference[]>;
  /** Keys that are asked for as flags. */
  readonly asked: readonly Asked[];
}

/** For how many flags git is asked who took the last mention away: that takes it a while each. */
const ASKED_OF_GIT = 50;

const DAY = 86_400_000;

/** Looks through code for the flags of a repository; the repository itself is no code. */
export async function scanCode(
  { snapshot, root }: CompiledRepository,
  directories: readonly string[],
  terminal: Terminal,
): Promise<CodeFacts> {
  const keys = (snapshot.definitions.get(snapshot.settings.defaultEnvironment)?.flags ?? []).map(({ key }) => key);
  const wanted = wantedOf(keys, snapshot.settings.lifecycle.aliases ?? []);
  const finds = new Finds();
  const accessors = new AccessorScan(keys);
  for (const directory of directories) {
    for await (const file of readCode(resolve(terminal.cwd, directory), terminal.env)) {
      const path = resolve(terminal.cwd, directory, file.path);
      if (path.startsWith(root + sep) || isGenerated(file.text)) continue;
      const mentions = [...mentionsIn(file.text, wanted), ...(await accessors.mentionsIn(path, file.text))];
      finds.add(shown(path, terminal), file, mentions);
    }
  }
  const { references, asked } = finds;
  return { references, asked };
}

function shown(path: string, { cwd }: Terminal): string {
  return relative(cwd, path).split(sep).join('/');
}

class Finds {
  readonly references = new Map<string, Reference[]>();
  readonly asked: Asked[] = [];
  readonly #asked = new Map<string, Reference[]>();

  /** A line counts once for a key. */
  add(file: string, { text }: CodeFile, found: readonly Mention[]): void {
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

/** The commits that took the last mention of a key away, of the first keys. */
export async function removalsOf(
  keys: readonly string[],
  directories: readonly string[],
  now: number,
  { root }: CompiledRepository,
  { cwd, env }: Terminal,
): Promise<Map<string, Removal>> {
  const removals = new Map<string, Removal>();
  for (const key of keys.slice(0, ASKED_OF_GIT)) {
    const found = await Promise.all(directories.map((one) => lastMention(resolve(cwd, one), root, key, env)));
    const [newest] = found.flatMap((one) => one ?? []).sort((a, b) => b.time - a.time);
    if (newest === undefined) continue;
    removals.set(key, { commit: newest.commit, days: { count: Math.max(0, Math.floor((now - newest.time) / DAY)) } });
  }
  return removals;
}
