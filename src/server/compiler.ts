import { setImmediate as turn } from 'node:timers/promises';
import { type Compilation, compileInStages } from '../project/compile.js';
import type { ReadingCache } from '../project/read-file.js';
import type { SourceFile } from '../syntax/source-file.js';

/** The states before and after the last change: what one change has led to, the next one begins with. */
const REMEMBERED = 2;

/**
 * Compiles states of one repository, each of which differs little from the one before. Whoever plans a change and
 * whoever serves it share one: what has been looked at before it was written is not compiled again to be served.
 */
export class Compiler {
  readonly #readings: ReadingCache = new Map();
  #known: readonly { readonly files: readonly SourceFile[]; readonly compilation: Compilation }[] = [];

  /** In stages, between which what is served goes on being served. Never rejects. */
  async compile(files: readonly SourceFile[]): Promise<Compilation> {
    const found = this.#known.find((one) => isSame(one.files, files));
    if (found !== undefined) return found.compilation;
    const compilation = await inTurns(compileInStages(files, this.#readings));
    this.#known = [{ files, compilation }, ...this.#known].slice(0, REMEMBERED);
    return compilation;
  }
}

async function inTurns<T>(stages: Generator<undefined, T>): Promise<T> {
  for (;;) {
    const { done, value } = stages.next();
    if (done === true) return value;
    await turn();
  }
}

function isSame(before: readonly SourceFile[], after: readonly SourceFile[]): boolean {
  if (before.length !== after.length) return false;
  return after.every((file, index) => {
    const other = before[index];
    return (
      other === file ||
      (other !== undefined && other.path === file.path && other.text === file.text && other.problem === file.problem)
    );
  });
}
