import { Refusal } from '../diagnostics/refusal.js';
import { type LintReport, summarize } from '../diagnostics/report.js';
import { didYouMean } from '../diagnostics/suggest.js';
import type { Definitions } from '../model/definitions.js';
import type { Snapshot } from '../model/snapshot.js';
import { compile } from '../project/compile.js';
import type { Project } from '../project/project.js';
import type { ReadingCache } from '../project/read-file.js';
import { diagnosticsText } from '../report/diagnostics-text.js';
import type { GlobalOptions } from './command.js';
import { type Repository, readRepository, shownPath } from './repository.js';
import type { Output, Terminal } from './terminal.js';

/** A flag repository that passed the gate. */
export interface CompiledRepository extends Repository {
  readonly project: Project;
  readonly snapshot: Snapshot;
  /** The files as they were read. */
  readonly readings: ReadingCache;
}

/** Reads and compiles. Of a repository that does not pass the gate the reader is told why, and there is none. */
export async function compileRepository(
  options: GlobalOptions,
  terminal: Terminal,
): Promise<CompiledRepository | undefined> {
  const repository = await readRepository(options, terminal);
  const readings: ReadingCache = new Map();
  const { project, snapshot, diagnostics } = compile(repository.files, readings);
  if (project !== undefined && snapshot !== undefined) return { ...repository, project, snapshot, readings };
  const report = { diagnostics, summary: summarize(diagnostics, repository.files.length) };
  await terminal.stderr.write(textFor(report, repository, terminal, terminal.stderr));
  return undefined;
}

/** The report as text, with code frames. */
export function textFor(report: LintReport, repository: Repository, terminal: Terminal, { colour }: Output): string {
  const texts = new Map(repository.files.map(({ path, text }) => [path, text]));
  const path = shownPath(terminal, repository);
  return diagnosticsText(report, { shownPath: path, textOf: (file) => texts.get(file), colour });
}

/** @throws Refusal when there is no such environment */
export function definitionsOf(snapshot: Snapshot, environment: string | undefined): Definitions {
  const wanted = environment ?? snapshot.settings.defaultEnvironment;
  const definitions = snapshot.definitions.get(wanted);
  if (definitions !== undefined) return definitions;
  const environments = snapshot.settings.environments;
  throw new Refusal('not-found', `there is no environment \`${wanted}\``, {
    help: didYouMean(wanted, environments) ?? `the environments are ${listed(environments)}`,
  });
}

export function listed(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(', ');
}
