import { Refusal } from '../../diagnostics/refusal.js';
import type { ExposureReport } from '../../experiment/report-data.js';
import { exposuresCsv } from '../../report/exposures-csv.js';
import { exposuresText } from '../../report/exposures-text.js';
import type { GlobalOptions } from '../command.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import { note, type Terminal } from '../terminal.js';

export interface ExposuresOptions extends GlobalOptions {
  readonly flag: string;
  readonly url: string;
  readonly env?: string;
  /** milliseconds since 1970 */
  readonly from?: number;
  readonly to?: number;
  readonly interval: 'hour' | 'day';
  readonly format: 'text' | 'json' | 'csv';
}

/** milliseconds */
const PATIENCE = 10_000;

export async function runExposures(options: ExposuresOptions, terminal: Terminal): Promise<ExitCode> {
  const report = await fetchReport(options, terminal);
  await terminal.stdout.write(printed(report, options.format, terminal));
  const [newest] = report.windows;
  if (newest === undefined) await note(terminal, 'nobody has met this experiment yet');
  return newest?.sample_ratio.state === 'skewed' ? EXIT.findings : EXIT.ok;
}

function printed(report: ExposureReport, format: ExposuresOptions['format'], { stdout }: Terminal): string {
  switch (format) {
    case 'text':
      return exposuresText(report, stdout);
    case 'json':
      return `${JSON.stringify(report, null, 2)}\n`;
    case 'csv':
      return exposuresCsv(report);
  }
}

/** @throws Refusal when the server cannot be reached, or says no */
async function fetchReport(options: ExposuresOptions, { env }: Terminal): Promise<ExposureReport> {
  const { flag, url, env: environment, from, to, interval } = options;
  const query = new URLSearchParams({ interval });
  if (environment !== undefined) query.set('environment', environment);
  if (from !== undefined) query.set('from', new Date(from).toISOString());
  if (to !== undefined) query.set('to', new Date(to).toISOString());
  const { FLAGSTAFF_KEY: key } = env;
  const headers = key === undefined ? {} : { authorization: `Bearer ${key}` };
  const path = `${url.replace(/\/+$/, '')}/flags/${encodeURIComponent(flag)}/exposures?${query}`;
  const response = await fetch(path, { headers, signal: AbortSignal.timeout(PATIENCE) }).catch((cause) => {
    throw unreachable(url, cause);
  });
  const body: unknown = await response.json().catch(() => undefined);
  if (!response.ok) throw refused(url, response.status, body);
  if (!isReport(body)) throw new Refusal('unavailable', `\`${url}\` is no Flagstaff server`);
  return body;
}

function isReport(body: unknown): body is ExposureReport {
  return typeof body === 'object' && body !== null && 'windows' in body && Array.isArray(body.windows);
}

function unreachable(url: string, cause: unknown): Refusal {
  return new Refusal('unavailable', `cannot reach a server at \`${url}\``, {
    help: 'start one with `flagstaff serve --data-dir DIR`, or name yours with `--url URL`',
    cause,
  });
}

/** The server's own words, which say what to do. */
function refused(url: string, status: number, body: unknown): Refusal {
  const { detail, help } = (body ?? {}) as { readonly detail?: string; readonly help?: string };
  const hint = help ?? (status === 401 ? 'put a `server` key into the environment variable FLAGSTAFF_KEY' : undefined);
  const message = detail ?? `\`${url}\` answered ${status}`;
  return new Refusal('unavailable', message, hint === undefined ? {} : { help: hint });
}
