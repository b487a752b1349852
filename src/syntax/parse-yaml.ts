import type { Finding } from '../diagnostics/diagnostic.js';
import type { Json } from '../model/json.js';
import { type EntryProblem, toData } from './data.js';
import { composeDocument } from './document.js';
import { readPlain } from './plain-reader.js';
import { rangeOf } from './positions.js';
import type { SourceFile } from './source-file.js';
import type { TextProblem } from './tokens.js';

/** What a file holds. With findings there is no data: nothing should build on half a file. */
export interface Parsed {
  readonly data: Json | undefined;
  readonly findings: readonly Finding[];
}

/** UTF-8 bytes */
const MAX_BYTES = 1024 * 1024;

/**
 * Parses YAML 1.2 (core schema) without its traps: no anchors, tags, merge keys, repeated keys,
 * second documents, tabs, byte order marks; see the `syntax/*` codes.
 * The data are plain objects whose own keys are safe and stand in the file's order.
 */
export function parseYaml(file: SourceFile): Parsed {
  const unreadable = problemOfFile(file);
  if (unreadable !== undefined) return refuse(file, [unreadable]);
  const plain = readPlain(file.text);
  return plain === undefined ? parseWithLibrary(file) : { data: plain, findings: [] };
}

/** The long way, for what is wrong or unusual: what `parseYaml` gives for every text that is YAML at all. */
export function parseWithLibrary(file: SourceFile): Parsed {
  const character = controlCharacter(file.text);
  if (character !== undefined) return refuse(file, [character]);
  const { document, problems } = composeDocument(file.text);
  if (document === undefined) return refuse(file, problems);
  const entryProblems: EntryProblem[] = [];
  const data = toData(document.contents, entryProblems);
  return entryProblems.length > 0 ? refuse(file, entryProblems) : { data, findings: [] };
}

function refuse(file: SourceFile, problems: readonly (TextProblem | EntryProblem)[]): Parsed {
  return { data: undefined, findings: problems.map((problem) => toFinding(file, problem)) };
}

function toFinding({ path, text }: SourceFile, problem: TextProblem | EntryProblem): Finding {
  const { code, message, help } = problem;
  const related = 'related' in problem ? problem.related : undefined;
  return {
    code,
    file: path,
    pointer: 'pointer' in problem ? problem.pointer : '',
    range: rangeOf(text, problem.start, problem.end),
    message,
    ...(help === undefined ? {} : { help }),
    ...(related === undefined
      ? {}
      : {
          related: related.map(({ start, end, ...place }) => ({
            ...place,
            file: path,
            range: rangeOf(text, start, end),
          })),
        }),
  };
}

function problemOfFile({ text, problem }: SourceFile): TextProblem | undefined {
  if (problem === 'not-utf8') return whole('syntax/not-utf8', 'the file is not UTF-8', 'save it as UTF-8');
  if (problem === 'unreadable') {
    return whole(
      'syntax/invalid-yaml',
      'the file cannot be read',
      'check that it is a regular file and its permissions',
    );
  }
  if (problem === 'too-large' || isTooLarge(text)) {
    return whole('syntax/too-large', 'the file is larger than 1 MiB', 'split it up: one flag, segment or group a file');
  }
  if (text.startsWith('\ufeff')) {
    return whole('syntax/byte-order-mark', 'the file begins with a byte order mark', 'save it as UTF-8 without BOM');
  }
  return undefined;
}

function isTooLarge(text: string): boolean {
  return text.length > MAX_BYTES / 3 && Buffer.byteLength(text) > MAX_BYTES;
}

/** YAML admits none of them, and the library uses some as marks of its own. */
function controlCharacter(text: string): TextProblem | undefined {
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit >= 32 ? unit !== 127 : unit === 9 || unit === 10 || unit === 13) continue;
    const name = `U+${unit.toString(16).toUpperCase().padStart(4, '0')}`;
    const help = 'remove it, or write it as an escape in double quotes';
    return { code: 'syntax/invalid-yaml', start: at, end: at + 1, message: `control character ${name}`, help };
  }
  return undefined;
}

function whole(code: TextProblem['code'], message: string, help: string): TextProblem {
  return { code, start: 0, end: 0, message, help };
}
