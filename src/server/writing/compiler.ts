import { type Checked, type Compilation, check } from '../../project/compile.js';
import { kindOf } from '../../project/kind.js';
import type { Project } from '../../project/project.js';
import type { ReadingCache } from '../../project/read-file.js';
import { readProject } from '../../project/read-project.js';
import { toSnapshot } from '../../project/snapshot.js';
import { toDiagnostics } from '../../project/to-diagnostics.js';
import type { SourceFile } from '../../syntax/source-file.js';

/** A state of the repository, and all that the gate says of it: of tests, too, though they keep nothing from being served. */
export interface Compiled extends Compilation {
  readonly files: readonly SourceFile[];
  readonly checked: Checked;
}

/** Compiles states of one repository, each of which differs little from the one before. */
export interface Compiler {
  compile(files: readonly SourceFile[]): Compiled;
  /** What a state says, unjudged. `undefined`: it has no settings that can be read. */
  read(files: readonly SourceFile[]): Project | undefined;
}

/** Remembers the states before and after the last write: what one write has led to, the next one begins with. */
const REMEMBERED = 2;

export function rememberingCompiler(): Compiler {
  const readings: ReadingCache = new Map();
  let known: readonly Compiled[] = [];
  return {
    compile: (files) => {
      const found = known.find((one) => isSame(one.files, files));
      if (found !== undefined) return found;
      const compiled = compiledWith(files, readings);
      known = [compiled, ...known].slice(0, REMEMBERED);
      return compiled;
    },
    read: (files) => readProject(files, readings).project,
  };
}

function compiledWith(files: readonly SourceFile[], readings: ReadingCache): Compiled {
  const checked = check(files, readings);
  const { project, findings } = checked;
  const diagnostics = toDiagnostics(findings, files);
  if (project === undefined) return { files, checked, diagnostics };
  const isServable = findings.every(({ file }) => kindOf(file) === 'test');
  return { files, checked, diagnostics, project, ...(isServable && { snapshot: toSnapshot(project) }) };
}

function isSame(before: readonly SourceFile[], after: readonly SourceFile[]): boolean {
  if (before.length !== after.length) return false;
  const texts = new Map(before.map((file) => [file.path, file]));
  return after.every((file) => {
    const other = texts.get(file.path);
    return other === file || (other !== undefined && other.text === file.text && other.problem === file.problem);
  });
}
