import { Composer, type Document, type YAMLError } from 'yaml';
import { readTokens, type TextProblem } from './tokens.js';

/** What the `yaml` library makes of a text: its nodes, or what is wrong with it. */
export interface Composed {
  readonly document: Document.Parsed | undefined;
  readonly problems: readonly TextProblem[];
}

/** Composes the one document of a text. Repeated keys are not its concern but that of `toData`. */
export function composeDocument(text: string): Composed {
  const { tokens, problems } = readTokens(text);
  if (problems.length > 0) return { document: undefined, problems };
  const second = tokens.filter(({ type }) => type === 'document')[1];
  if (second !== undefined) return { document: undefined, problems: [secondDocument(second.offset)] };
  const composer = new Composer({ version: '1.2', schema: 'core', uniqueKeys: false, prettyErrors: false });
  const [document] = [...composer.compose(tokens)];
  const [error] = document?.errors ?? [];
  if (error !== undefined) return { document: undefined, problems: [fromError(error, text)] };
  if (document === undefined || document.contents === null) return { document: undefined, problems: [emptyFile()] };
  return { document, problems: [] };
}

function secondDocument(offset: number): TextProblem {
  const help = 'a file holds one document: move it to a file of its own';
  return { code: 'syntax/multiple-documents', start: offset, end: offset + 3, message: 'a second document', help };
}

function emptyFile(): TextProblem {
  return {
    code: 'syntax/invalid-yaml',
    start: 0,
    end: 0,
    message: 'the file is empty',
    help: 'remove it or fill it in',
  };
}

/** The first error only: those after it mostly follow from it. */
function fromError({ code, message, pos: [start, end] }: YAMLError, text: string): TextProblem {
  return {
    code: code === 'TAB_AS_INDENT' ? 'syntax/tab' : 'syntax/invalid-yaml',
    start: Math.min(start, text.length),
    end: Math.min(end, text.length),
    message: `not YAML: ${lowerFirst(oneLine(message))}`,
    help: HELP[code] ?? 'check the quotes, brackets and indentation around this place',
  };
}

const HELP: Readonly<Partial<Record<YAMLError['code'], string>>> = {
  BAD_INDENT: 'close what was opened; entries of one mapping or list begin in the same column',
  BAD_SCALAR_START: 'quote text that begins with a special character',
  BLOCK_AS_IMPLICIT_KEY: 'quote text that holds `: `',
  MISSING_CHAR: 'close what was opened, or quote text that holds special characters',
  MULTILINE_IMPLICIT_KEY: 'a key stands on one line, followed by `: `',
  TAB_AS_INDENT: 'use spaces',
};

function oneLine(message: string): string {
  return message.replace(/\s+/g, ' ').replace(/[.:]? *$/, '');
}

function lowerFirst(message: string): string {
  return message.charAt(0).toLowerCase() + message.slice(1);
}
