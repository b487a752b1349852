import { join } from 'node:path';
import ts from 'typescript';
import { projectDirectory } from '../built.js';

const OPTIONS: ts.CompilerOptions = {
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  noEmit: true,
  skipLibCheck: true,
  target: ts.ScriptTarget.ES2023,
  lib: ['lib.es2023.d.ts'],
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  isolatedDeclarations: true,
  declaration: true,
  verbatimModuleSyntax: true,
  types: [],
  paths: { 'flagstaff/sdk': [join(projectDirectory, 'application/sdk.ts')] },
};

/** The part of the SDK that generated code needs: to check all of it takes long. test/package.test.ts does, once. */
const SDK = `
export type { Context } from '../src/model/context.js';
export type { Json } from '../src/model/json.js';
export * from '../src/sdk/flag-client.js';
export * from '../src/sdk/typed-flag.js';
`;

/** A folder that is nowhere but in memory. */
const FOLDER = join(projectDirectory, 'application');

/**
 * Type-checks these files (name to text, `.ts`) as an application beside Flagstaff would be.
 * @returns by file, what is wrong: `line: message`
 */
export function typeErrors(files: Readonly<Record<string, string>>): Record<string, string[]> {
  const texts = new Map(Object.entries({ ...files, 'sdk.ts': SDK }).map(([name, text]) => [join(FOLDER, name), text]));
  const program = ts.createProgram([...texts.keys()], OPTIONS, hostWith(texts));
  return Object.fromEntries(
    Object.keys(files).map((name) => {
      const source = program.getSourceFile(join(FOLDER, name));
      const found = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
      return [name, found.map((diagnostic) => told(diagnostic))];
    }),
  );
}

function hostWith(texts: ReadonlyMap<string, string>): ts.CompilerHost {
  const host = ts.createCompilerHost(OPTIONS);
  return {
    ...host,
    directoryExists: (path) => path === FOLDER || ts.sys.directoryExists(path),
    fileExists: (path) => texts.has(path) || host.fileExists(path),
    readFile: (path) => texts.get(path) ?? host.readFile(path),
    getSourceFile: (path, options, ...rest) => {
      const text = texts.get(path);
      return text === undefined ? host.getSourceFile(path, options, ...rest) : ts.createSourceFile(path, text, options);
    },
  };
}

function told({ file, start = 0, messageText }: ts.Diagnostic): string {
  const line = file === undefined ? 0 : file.getLineAndCharacterOfPosition(start).line + 1;
  return `${line}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
}
