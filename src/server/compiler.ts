import { setImmediate as turn } from 'node:timers/promises';
import { type Checked, type Compilation, compileInStages } from '../project/compile.js';
import { kindOf } from '../project/kind.js';
import type { Project } from '../project/project.js';
import type { ReadingCache } from '../project/read-file.js';
import { readProject } from '../project/read-project.js';
import type { SourceFile } from '../syntax/source-file.js';

/** A state of the repository, and all that the gate says of it. */
export interface Compiled extends Compilation {
  readonly files: readonly SourceFile[];
  readonly checked: Checked;
}

/** The states before and after the last change: what one change has led to, the next one begins with. */
const REMEMBERED = 2;

/**
 * Compiles states of one repository, each of which differs little from the one before. Whoever plans a change and
 * whoever serves it share one: what has been looked at before it was written is not compiled again to be served.
 */
export class Compiler {
  readonly #readings: ReadingCache = new Map();
  #known: readonly Compiled[] = [];

  /** @param options.tests whether tests are judged, too; they keep nothing from being served */
  constructor(private readonly options: { readonly tests: boolean }) {}

  /** In stages, between which what is served goes on being served. Never rejects. */
  async compile(files: readonly SourceFile[]): Promise<Compiled> {
    const found = this.#known.find((one) => isSame(one.files, files));
    if (found !== undefined) return found;
    const judged = this.options.tests ? files : files.filter(({ path }) => kindOf(path) !== 'test');
    const compiled = { files, ...(await inTurns(compileInStages(judged, this.#readings))) };
    this.#known = [compiled, ...this.#known].slice(0, REMEMBERED);
    return compiled;
  }

  /** What a state says, unjudged. `undefined`: it has no settings that can be read. */
  read(files: readonly SourceFile[]): Project | undefined {
    return readProject(files, this.#readings).project;
  }
}

/** Between two stages others are answered. */
export async function inTurns<T>(stages: Generator<undefined, T>): Promise<T> {
  for (;;) {
    const { done, value } = stages.next();
    if (done === true) return value;
    await turn();
  }
}

/** Both are sorted by path; what differs in its order alone is compiled once more. */
function isSame(before: readonly SourceFile[], after: readonly SourceFile[]): boolean {
  return before.length === after.length && after.every((file, index) => isSameFile(file, before[index]));
}

function isSameFile(file: SourceFile, other: SourceFile | undefined): boolean {
  if (file === other) return true;
  return other?.path === file.path && other.text === file.text && other.problem === file.problem;
}
