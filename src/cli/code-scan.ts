import { realpathSync, statSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import { isGenerated } from '../codegen/generated.js';
import { Refusal } from '../diagnostics/refusal.js';
import { isOpenFeatureGenerated, openFeatureNames } from '../lifecycle/accessors.js';
import type { Reference } from '../lifecycle/evidence.js';
import {
  type Mention,
  memberMentions,
  mentionsIn,
  type Names,
  type Wanted,
  wantedOf,
  withNames,
} from '../lifecycle/references.js';
import type { Asked } from '../lifecycle/stale.js';
import { kindOf } from '../project/kind.js';
import { grouped } from '../report/evaluation-summary.js';
import { readCode, type Unread } from '../sources/code.js';
import { AccessorScan } from './accessor-scan.js';
import type { CompiledRepository } from './compiled.js';
import { Finds } from './finds.js';
import type { Progress } from './progress.js';
import { note, type Terminal } from './terminal.js';

/** What code says of flags. */
export interface CodeFacts {
  /** By key, in the order of the files. */
  readonly references: ReadonlyMap<string, readonly Reference[]>;
  /** Keys that are asked for as flags. */
  readonly asked: readonly Asked[];
  /** What was looked for, with the names of generated accessors where there are any. */
  readonly wanted: Wanted;
}

/** @throws Refusal when one of them is no directory */
export function refuseNoDirectory(directories: readonly string[], { cwd }: Terminal): void {
  for (const directory of directories) {
    if (statSync(resolve(cwd, directory), { throwIfNoEntry: false })?.isDirectory()) continue;
    throw new Refusal('not-a-directory', `there is no directory \`${directory}\``, {
      help: 'name the directories of your applications with `--code DIR`',
    });
  }
}

/** Looks through code for the flags of a repository; the repository itself is no code. */
export async function scanCode(
  { snapshot, root }: CompiledRepository,
  directories: readonly string[],
  terminal: Terminal,
  progress: Progress,
): Promise<CodeFacts> {
  const keys = (snapshot.definitions.get(snapshot.settings.defaultEnvironment)?.flags ?? []).map(({ key }) => key);
  const wanted = wantedOf(keys, snapshot.settings.lifecycle.aliases ?? []);
  const accessors = new AccessorScan(keys);
  const look = { wanted, accessors, root, terminal, progress };
  let scan = new Scan({ ...look, members: new Map() });
  await scan.readAll(directories);
  if (scan.metOpenFeature || accessors.missed) {
    scan = new Scan({ ...look, members: scan.metOpenFeature ? openFeatureNames(keys) : new Map() });
    await scan.readAll(directories);
  }
  await tellUnread(scan.unread, terminal, progress);
  const { references, asked } = scan.finds;
  return { references, asked, wanted: scan.wanted };
}

const TOLD = 3;

async function tellUnread(unread: readonly Unread[], terminal: Terminal, progress: Progress): Promise<void> {
  if (unread.length === 0) return;
  await progress.clear();
  for (const { path, reason } of unread.slice(0, TOLD))
    await note(terminal, `note: cannot look into \`${path}\`: ${reason}`);
  if (unread.length > TOLD) await note(terminal, `note: nor into ${unread.length - TOLD} more`);
  await note(terminal, 'note: a flag that is asked for there may be told to be gone from the code');
}

interface Look {
  readonly wanted: Wanted;
  readonly accessors: AccessorScan;
  /** What the OpenFeature CLI calls flags, where it has been here. */
  readonly members: Names;
  readonly root: string;
  readonly terminal: Terminal;
  readonly progress: Progress;
}

/** A directory that was mistaken for another looks as if every flag were gone from the code. */
const NO_CODE = 'it holds no code (flag files, binary files and what git ignores do not count)';

/** One look through all files. What generated files are called may only be known at its end. */
class Scan {
  readonly finds = new Finds();
  readonly unread: Unread[] = [];
  metOpenFeature = false;
  readonly #look: Look;
  readonly #seen = new Set<string>();

  constructor(look: Look) {
    this.#look = look;
  }

  /** What was looked for, with every name that may stand for a key. */
  get wanted(): Wanted {
    const { wanted, accessors, members } = this.#look;
    const generated = [...accessors.names].map(([name, key]) => [name, [key]] as const);
    return withNames(wanted, [...members, ...generated]);
  }

  async readAll(directories: readonly string[]): Promise<void> {
    for (const directory of directories) await this.#read(directory);
  }

  async #read(directory: string): Promise<void> {
    const { root, terminal, progress } = this.#look;
    const { cwd, env } = terminal;
    const from = resolve(cwd, directory);
    const tell = (problem: Unread) => this.unread.push({ ...problem, path: this.#shown(resolve(from, problem.path)) });
    const isOwn = ownFiles(root, from);
    const before = this.unread.length;
    let isEmpty = true;
    for await (const { path, text } of readCode(from, env, tell)) {
      const file = resolve(from, path);
      if (isOwn(path)) continue;
      isEmpty = false;
      if (this.#seen.has(file)) continue;
      this.#seen.add(file);
      progress.show(`${grouped(this.#seen.size)} files of code`);
      this.finds.add(this.#shown(file), text, this.#mentionsIn(file, text));
    }
    if (isEmpty && this.unread.length === before) this.unread.push({ path: directory, reason: NO_CODE });
  }

  #mentionsIn(file: string, text: string): Mention[] {
    if (this.#isGenerated(file, text)) return [];
    const { wanted, accessors, members } = this.#look;
    const mentions = [...mentionsIn(text, wanted), ...accessors.mentionsIn(file, text)];
    return members.size === 0 ? mentions : [...mentions, ...memberMentions(text, members)];
  }

  /** Such a file names every flag, and uses none. */
  #isGenerated(file: string, text: string): boolean {
    const byOpenFeature = isOpenFeatureGenerated(text);
    if (byOpenFeature) this.metOpenFeature = true;
    if (!isGenerated(text)) return byOpenFeature;
    this.#look.accessors.meet(file);
    return true;
  }

  #shown(path: string): string {
    return relative(this.#look.terminal.cwd, path).split(sep).join('/');
  }
}

/**
 * Which files of a directory of code, by their paths in it, are of the flag repository: all that is in its folder, or
 * where the code stands in that folder too, the files that make it up.
 */
export function ownFiles(root: string, directory: string): (path: string) => boolean {
  const [own, code] = [realOf(root), realOf(directory)];
  const shared = `${code}${sep}`.startsWith(`${own}${sep}`);
  return (path) => {
    const file = resolve(code, path);
    return (
      file.startsWith(`${own}${sep}`) && (!shared || kindOf(relative(own, file).split(sep).join('/')) !== undefined)
    );
  };
}

function realOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
