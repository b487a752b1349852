import type { ExposureReport } from '../../experiment/report-data.js';
import { exposuresCsv } from '../../report/exposures-csv.js';
import { exposuresText } from '../../report/exposures-text.js';
import { printable } from '../../report/printable.js';
import { askServer, notOurs, parsedOrNot } from '../ask-server.js';
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

export async function runExposures(options: ExposuresOptions, terminal: Terminal): Promise<ExitCode> {
  const report = await fetchReport(options, terminal);
  await terminal.stdout.write(printed(report, options.format, terminal));
  const [newest] = report.windows;
  const isFormer = newest !== undefined && report.experiment && !newest.current;
  if (newest === undefined || isFormer) await note(terminal, nothing(report));
  return newest?.sample_ratio.state === 'skewed' && !isFormer ? EXIT.findings : EXIT.ok;
}

function nothing({ flag_key, environment, experiment, windows }: ExposureReport): string {
  if (windows.length > 0) return 'nobody has met the experiment as it is now: these are windows of before';
  if (experiment) return 'nobody has met this experiment yet';
  return `\`${printable(flag_key)}\` is no experiment in ${printable(environment)}, and nobody met it as one`;
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

const HELP = 'start one with `flagstaff serve --data-dir DIR`, or name yours with `--url URL`';

/** @throws Refusal when the server cannot be reached, or says no */
async function fetchReport(options: ExposuresOptions, terminal: Terminal): Promise<ExposureReport> {
  const { flag, url, env: environment, from, to, interval } = options;
  const query = new URLSearchParams({ interval });
  if (environment !== undefined) query.set('environment', environment);
  if (from !== undefined) query.set('from', new Date(from).toISOString());
  if (to !== undefined) query.set('to', new Date(to).toISOString());
  const path = `/flags/${encodeURIComponent(flag)}/exposures?${query}`;
  const body = parsedOrNot(await askServer(url, path, terminal.env, HELP));
  if (!isReport(body)) throw notOurs(url);
  return body;
}

function isReport(body: unknown): body is ExposureReport {
  if (!isObject(body) || !Array.isArray(body.windows)) return false;
  return typeof body.flag_key === 'string' && typeof body.environment === 'string' && body.windows.every(isWindow);
}

function isWindow(window: unknown): boolean {
  if (!isObject(window)) return false;
  const { version, since, variants, series, others, sample_ratio } = window;
  const texts = [version, since].every((text) => typeof text === 'string');
  return texts && [variants, series].every(Array.isArray) && [others, sample_ratio].every(isObject);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
