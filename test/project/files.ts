import { type Compilation, check, compile } from '../../src/project/compile.js';
import type { Project } from '../../src/project/project.js';
import { readProject } from '../../src/project/read-project.js';
import { toDiagnostics } from '../../src/project/to-diagnostics.js';
import type { SourceFile } from '../../src/syntax/source-file.js';

/** Paths to texts; `flagstaff.yaml` has a default. */
export type Literal = Readonly<Record<string, string>>;

export const FLAGSTAFF = 'environments: [development, staging, production]\n';
export const GUARDED = `${FLAGSTAFF}protected: [production]\n`;

export function filesOf(literal: Literal): SourceFile[] {
  return Object.entries({ 'flagstaff.yaml': FLAGSTAFF, ...literal }).map(([path, text]) => ({ path, text }));
}

export function compiled(literal: Literal): Compilation {
  return compile(filesOf(literal));
}

export function projectOf(literal: Literal): Project {
  const { project, findings } = readProject(filesOf(literal));
  if (project === undefined) throw new Error(`no project: ${JSON.stringify(findings)}`);
  return project;
}

/** A boolean flag; `more` are further lines. */
export function flag(key: string, more = ''): string {
  return `key: ${key}\ntype: boolean\ndefault: off\n${more}`;
}

/** `file:line:column code message` of everything that the gate says, tests included. */
export function told(literal: Literal): string[] {
  const files = filesOf(literal);
  return toDiagnostics(check(files).findings, files).map(({ file, range, code, message }) => {
    return `${file}:${range.start.line}:${range.start.column} ${code} ${message}`;
  });
}

/** What is to be done about the one thing that the gate says. */
export function helpOf(literal: Literal): string | undefined {
  const [diagnostic, ...more] = compiled(literal).diagnostics;
  if (diagnostic === undefined || more.length > 0)
    throw new Error(`one diagnostic: ${JSON.stringify([diagnostic, ...more])}`);
  return diagnostic.help;
}
