import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { LintReport } from '../diagnostics/report.js';

/** From the path of a file in its repository to the path that the reader knows. */
export type ShownPath = (file: string) => string;

/** The report as JSON; its shape is `schemas/output/lint.schema.json`. */
export function diagnosticsJson(report: LintReport, shownPath: ShownPath): string {
  const diagnostics = report.diagnostics.map((diagnostic) => asShown(diagnostic, shownPath));
  return `${JSON.stringify({ diagnostics, summary: report.summary }, null, 2)}\n`;
}

/** The diagnostic with the paths that the reader knows. */
export function asShown(diagnostic: Diagnostic, shownPath: ShownPath): Diagnostic {
  const { code, severity, file, range, pointer, message, help, related } = diagnostic;
  return {
    code,
    severity,
    file: shownPath(file),
    range,
    pointer,
    message,
    ...(help === undefined ? {} : { help }),
    ...(related === undefined ? {} : { related: related.map((place) => ({ ...place, file: shownPath(place.file) })) }),
  };
}
