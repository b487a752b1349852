import { Refusal } from '../../diagnostics/refusal.js';
import { summarize } from '../../diagnostics/report.js';
import { check } from '../../project/compile.js';
import { toSnapshot } from '../../project/snapshot.js';
import { toDiagnostics } from '../../project/to-diagnostics.js';
import { testsJson } from '../../report/tests-json.js';
import { testsJunit } from '../../report/tests-junit.js';
import { testsText } from '../../report/tests-text.js';
import { watchDirectory } from '../../sources/watch.js';
import type { BrokenCase, PlannedCase } from '../../spec/case.js';
import { coverageOf } from '../../spec/coverage.js';
import { planCases } from '../../spec/plan.js';
import { coversEnough, type TestReport } from '../../spec/report.js';
import { runCases } from '../../spec/run.js';
import type { GlobalOptions } from '../command.js';
import { textFor } from '../compiled.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import { findRepository, type Repository, readRepository, shownPath } from '../repository.js';
import { note, type Terminal } from '../terminal.js';

export interface TestOptions extends GlobalOptions {
  readonly format: 'text' | 'json' | 'junit';
  /** Part of the name, flag or segment of the cases to run. */
  readonly filter?: string;
  readonly coverage?: boolean;
  /** percent */
  readonly minCoverage?: number;
  readonly watch?: boolean;
  /** milliseconds since 1970, for cases that name no time */
  readonly now?: number;
}

export async function runTest(options: TestOptions, terminal: Terminal): Promise<ExitCode> {
  return options.watch ? watch(options, terminal) : runOnce(options, terminal);
}

async function runOnce(options: TestOptions, terminal: Terminal): Promise<ExitCode> {
  const repository = await readRepository(options, terminal);
  const { project, findings } = check(repository.files);
  if (!project || findings.length > 0) {
    const diagnostics = toDiagnostics(findings, repository.files);
    const gate = { diagnostics, summary: summarize(diagnostics, repository.files.length) };
    await terminal.stderr.write(textFor(gate, repository, terminal, terminal.stderr));
    return EXIT.findings;
  }
  const snapshot = toSnapshot(project);
  const cases = chosen(planCases(project), options.filter);
  const results = runCases(snapshot, cases, options.now);
  const wantsCoverage = options.coverage || options.minCoverage !== undefined;
  const report: TestReport = { results, ...(wantsCoverage && { coverage: coverageOf(snapshot, results) }) };
  await terminal.stdout.write(printed(report, options.format, repository, terminal));
  return exitCode(report, options, terminal);
}

async function exitCode(report: TestReport, { minCoverage }: TestOptions, terminal: Terminal): Promise<ExitCode> {
  const covered = coversEnough(report, minCoverage);
  if (!covered) await note(terminal, `the coverage is below ${minCoverage} %`);
  return covered && report.results.every(({ ok }) => ok) ? EXIT.ok : EXIT.findings;
}

/** @throws Refusal when the filter leaves nothing: a run of no case would look like a success */
function chosen<Case extends PlannedCase | BrokenCase>(cases: readonly Case[], filter: string | undefined): Case[] {
  const found = cases.filter((one) => filter === undefined || textOf(one).includes(filter.toLowerCase()));
  if (filter === undefined || found.length > 0) return found;
  throw new Refusal('not-found', `no case matches \`${filter}\``, {
    help: 'a filter is part of the name, the flag or the segment of a case',
  });
}

function textOf(one: PlannedCase | BrokenCase): string {
  const subject = 'subject' in one ? Object.values(one.subject) : [];
  return [one.name, ...subject].join('\n').toLowerCase();
}

function printed(
  report: TestReport,
  format: TestOptions['format'],
  repository: Repository,
  terminal: Terminal,
): string {
  const path = shownPath(terminal, repository);
  switch (format) {
    case 'text':
      return testsText(report, {
        shownPath: path,
        colour: terminal.stdout.colour,
        all: terminal.verbosity === 'verbose',
      });
    case 'json':
      return testsJson(report, path);
    case 'junit':
      return testsJunit(report, path);
  }
}

/** Runs now and whenever the tree has changed and come to rest, until interrupted or until nobody reads any more. */
async function watch(options: TestOptions, terminal: Terminal): Promise<ExitCode> {
  const unread = new AbortController();
  const end = AbortSignal.any([terminal.interruption(), unread.signal]);
  const root = await findRepository(options, terminal);
  let last = Promise.resolve();
  const next = () => {
    last = last
      .then(() => again(options, terminal))
      .then(() => {
        if (terminal.stdout.closed) unread.abort();
      });
    return last;
  };
  const failed = (error: Error) => void note(terminal, `watching: ${error.message}`);
  const watching = await watchDirectory(root, { changed: next, failed });
  await next();
  await note(terminal, `watching \`${root}\`; Ctrl-C ends`);
  await aborted(end);
  await watching.close();
  return EXIT.ok;
}

/** A repository that is not there for the moment is no reason to stop watching. */
async function again(options: TestOptions, terminal: Terminal): Promise<void> {
  try {
    await runOnce(options, terminal);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    await note(terminal, error.message);
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
