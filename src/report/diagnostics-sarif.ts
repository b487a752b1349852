import { type Code, catalogue, isGateCode } from '../diagnostics/catalogue.js';
import type { Diagnostic, Range, Related, Severity } from '../diagnostics/diagnostic.js';
import type { LintReport } from '../diagnostics/report.js';
import type { ShownPath } from './diagnostics-json.js';

export interface SarifOptions {
  readonly shownPath: ShownPath;
  /** Of Flagstaff itself. */
  readonly version: string;
}

/** The pages of docs/rules/ are part of the published package. */
const PAGES = 'https://unpkg.com/flagstaff/docs/rules';

const LEVELS: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'note' };

/**
 * The report as SARIF 2.1.0, which code scanning services read.
 * https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 */
export function diagnosticsSarif(report: LintReport, options: SarifOptions): string {
  const codes = [...new Set(report.diagnostics.map(({ code }) => code))].sort();
  const run = {
    tool: { driver: { name: 'Flagstaff', version: options.version, rules: codes.map(rule) } },
    columnKind: 'utf16CodeUnits',
    results: report.diagnostics.map((diagnostic) => result(diagnostic, codes.indexOf(diagnostic.code), options)),
  };
  const log = { $schema: 'https://json.schemastore.org/sarif-2.1.0.json', version: '2.1.0', runs: [run] };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function rule(code: Code): object {
  const { severity, summary } = catalogue[code];
  return {
    id: code,
    shortDescription: { text: summary },
    helpUri: `${PAGES}/${code}.md`,
    defaultConfiguration: { level: LEVELS[severity] },
    properties: { tags: [isGateCode(code) ? 'gate' : 'advice'] },
  };
}

function result(diagnostic: Diagnostic, ruleIndex: number, { shownPath }: SarifOptions): object {
  const { code, severity, message, help, related = [] } = diagnostic;
  return {
    ruleId: code,
    ruleIndex,
    level: LEVELS[severity],
    message: { text: help === undefined ? message : `${message}\n${help}` },
    locations: [{ physicalLocation: physicalLocation(diagnostic, shownPath) }],
    relatedLocations: related.map((place, id) => ({
      id,
      physicalLocation: physicalLocation(place, shownPath),
      message: { text: place.message },
    })),
    partialFingerprints: { 'flagstaff/v1': fingerprint(diagnostic, shownPath) },
  };
}

function physicalLocation({ file, range }: Diagnostic | Related, shownPath: ShownPath): object {
  return { artifactLocation: { uri: uriOf(shownPath(file)) }, region: regionOf(range) };
}

/** SARIF counts from 1 and ends before the end column, as ranges do. */
function regionOf({ start, end }: Range): object {
  return { startLine: start.line, startColumn: start.column, endLine: end.line, endColumn: end.column };
}

function uriOf(path: string): string {
  return path.split(/[\\/]/).map(encodeURIComponent).join('/');
}

/** What stays the same when lines move: the place in the data, not in the text. Where there is none, what is said. */
function fingerprint({ code, file, pointer, message }: Diagnostic, shownPath: ShownPath): string {
  return `${code} ${shownPath(file)}#${pointer === '' ? message : pointer}`;
}
