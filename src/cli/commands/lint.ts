import { type LintReport, lintExitCode } from '../../diagnostics/report.js';
import { lint } from '../../lint/lint.js';
import { diagnosticsGithub } from '../../report/diagnostics-github.js';
import { diagnosticsJson } from '../../report/diagnostics-json.js';
import { diagnosticsSarif } from '../../report/diagnostics-sarif.js';
import type { GlobalOptions } from '../command.js';
import { textFor } from '../compiled.js';
import type { ExitCode } from '../exit-code.js';
import { type Repository, readRepository, shownPath } from '../repository.js';
import type { Terminal } from '../terminal.js';
import { packageVersion } from '../version.js';

export interface LintOptions extends GlobalOptions {
  readonly format: 'text' | 'json' | 'github' | 'sarif';
  readonly maxWarnings?: number;
  /** milliseconds since 1970 */
  readonly now?: number;
}

export async function runLint(options: LintOptions, terminal: Terminal): Promise<ExitCode> {
  const repository = await readRepository(options, terminal);
  const report = lint(repository.files, { now: options.now ?? terminal.now() });
  await terminal.stdout.write(await printed(report, options.format, repository, terminal));
  return lintExitCode(report, options);
}

async function printed(
  report: LintReport,
  format: LintOptions['format'],
  repository: Repository,
  terminal: Terminal,
): Promise<string> {
  const path = shownPath(terminal, repository);
  switch (format) {
    case 'text':
      return textFor(report, repository, terminal, terminal.stdout);
    case 'json':
      return diagnosticsJson(report, path);
    case 'github':
      return diagnosticsGithub(report, path);
    case 'sarif':
      return diagnosticsSarif(report, { shownPath: path, version: await packageVersion() });
  }
}
