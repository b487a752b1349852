import type { ExposureReport } from '../experiment/report-data.js';

const COLUMNS = ['flag_key', 'environment', 'version', 'since', 'start', 'variant_key', 'evaluations'] as const;

/** The series, a row for each interval and variant (RFC 4180). */
export function exposuresCsv({ flag_key, environment, windows }: ExposureReport): string {
  const rows = windows.flatMap(({ version, since, series }) =>
    series.flatMap(({ start, evaluations }) =>
      Object.entries(evaluations).map(([variant, count]) => [
        flag_key,
        environment,
        version,
        since,
        start,
        variant,
        String(count),
      ]),
    ),
  );
  return [COLUMNS, ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}

/** What a spreadsheet would take for a formula is quoted as text. */
function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
