import { relative, sep } from 'node:path';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { summarize } from '../diagnostics/report.js';
import { WORKING_TREE } from '../diff/delta.js';
import { flagsAt } from '../history/place.js';
import type { Snapshot } from '../model/snapshot.js';
import { compile } from '../project/compile.js';
import { kindOf } from '../project/kind.js';
import type { ReadingCache } from '../project/read-file.js';
import { diagnosticsText } from '../report/diagnostics-text.js';
import { readDirectory } from '../sources/directory.js';
import type { Repository as GitRepository } from '../sources/git.js';
import type { SourceFile } from '../syntax/source-file.js';
import { note, type Terminal } from './terminal.js';

/** A flag repository at one end of a comparison. */
export interface Side {
  /** A revision as it was named, or `working tree`. */
  readonly name: string;
  readonly files: readonly SourceFile[];
  /** How a file is named to the reader. */
  readonly shownPath: (file: string) => string;
}

/** The files on disk. */
export async function workingTree(root: string, { cwd }: Terminal): Promise<Side> {
  const prefix = relative(cwd, root).split(sep).join('/');
  const shown = prefix === '' || prefix.startsWith('..') ? '' : `${prefix}/`;
  return { name: WORKING_TREE, files: await readDirectory(root), shownPath: (file) => shown + file };
}

/**
 * The files as they were in a revision, wherever the flags directory was then.
 *
 * @param name what the revision is called; `commit` is its full id
 */
export async function revisionSide(git: GitRepository, name: string, commit: string): Promise<Side> {
  const place = await flagsAt(git, commit);
  return {
    name,
    files: await place.readRevision(commit),
    shownPath: (file) => `${name}:${place.prefix}${file}`,
  };
}

/** A revision from before there were any flags. */
const NOTHING: Snapshot = {
  settings: {
    environments: [],
    defaultEnvironment: '',
    protected: [],
    context: {},
    naming: {},
    lint: {},
    review: { max_impact: {} },
    lifecycle: {},
  },
  definitions: new Map(),
  groups: [],
  files: new Map(),
};

/**
 * What a side says. Of one that does not pass the gate the reader is told why, and there is none.
 *
 * @param cache of another side: what has the same text is not read again
 */
export async function compileSide(side: Side, terminal: Terminal, cache?: ReadingCache): Promise<Snapshot | undefined> {
  const isEmpty = !side.files.some(({ path }) => kindOf(path) !== undefined);
  if (isEmpty && side.name !== WORKING_TREE) {
    await note(terminal, `note: there are no flags in \`${side.name}\``);
    return NOTHING;
  }
  const { snapshot, diagnostics } = compile(side.files, cache);
  if (snapshot === undefined) await tellProblems(side, diagnostics, terminal);
  return snapshot;
}

async function tellProblems(side: Side, diagnostics: readonly Diagnostic[], { stderr }: Terminal): Promise<void> {
  const texts = new Map(side.files.map(({ path, text }) => [path, text]));
  const report = { diagnostics, summary: summarize(diagnostics, side.files.length) };
  const options = { shownPath: side.shownPath, textOf: (file: string) => texts.get(file), colour: stderr.colour };
  await stderr.write(diagnosticsText(report, options));
}
