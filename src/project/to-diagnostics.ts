import { type Code, catalogue } from '../diagnostics/catalogue.js';
import type { Diagnostic, Finding, Place, Range, Related, Severity } from '../diagnostics/diagnostic.js';
import { locate } from '../syntax/locate.js';
import { START } from '../syntax/positions.js';
import type { SourceFile } from '../syntax/source-file.js';

/** Findings with their severity and range, sorted by file, position and code. */
export function toDiagnostics(
  findings: readonly Finding[],
  files: readonly SourceFile[],
  severityOf: (code: Code) => Severity = (code) => catalogue[code].severity,
): Diagnostic[] {
  if (findings.length === 0) return [];
  const ranges = locateAll(
    findings.flatMap((finding) => [finding, ...(finding.related ?? [])]),
    files,
  );
  return findings.map((finding) => toDiagnostic(finding, severityOf(finding.code), ranges)).sort(compareDiagnostics);
}

type Ranges = ReadonlyMap<Place, Range>;

/** File by file: finding places in a file means parsing it once more. */
function locateAll(places: readonly Place[], files: readonly SourceFile[]): Ranges {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const ranges = new Map<Place, Range>();
  for (const place of [...places].sort((a, b) => compareText(a.file, b.file))) {
    ranges.set(place, rangeIn(byPath.get(place.file), place));
  }
  return ranges;
}

function rangeIn(file: SourceFile | undefined, { pointer, target, range }: Place): Range {
  if (range !== undefined) return range;
  return file === undefined ? START : locate(file, pointer, target);
}

function toDiagnostic(finding: Finding, severity: Severity, ranges: Ranges): Diagnostic {
  const { code, file, pointer, message, help, related } = finding;
  return {
    code,
    severity,
    file,
    range: ranges.get(finding) as Range,
    pointer,
    message,
    ...(help === undefined ? {} : { help }),
    ...(related === undefined ? {} : { related: related.map((place) => toRelated(place, ranges)) }),
  };
}

function toRelated(place: Place & { readonly message: string }, ranges: Ranges): Related {
  const { file, pointer, message } = place;
  return { file, range: ranges.get(place) as Range, pointer, message };
}

/** The order of a report: by file, position and code. */
export function compareDiagnostics(a: Diagnostic, b: Diagnostic): number {
  return (
    compareText(a.file, b.file) ||
    a.range.start.line - b.range.start.line ||
    a.range.start.column - b.range.start.column ||
    compareText(a.code, b.code) ||
    compareText(a.message, b.message)
  );
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
