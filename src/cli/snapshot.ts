import { Refusal } from '../diagnostics/refusal.js';
import { summarize } from '../diagnostics/report.js';
import { didYouMean } from '../diagnostics/suggest.js';
import type { Definitions } from '../model/definitions.js';
import type { Snapshot } from '../model/snapshot.js';
import { compile } from '../project/compile.js';
import { diagnosticsText } from '../report/diagnostics-text.js';
import type { GlobalOptions } from './command.js';
import { readRepository, shownPath } from './repository.js';
import type { Terminal } from './terminal.js';

/** The flag repository, compiled. One that does not pass the gate is told why, and gives `undefined`. */
export async function readSnapshot(options: GlobalOptions, terminal: Terminal): Promise<Snapshot | undefined> {
  const repository = await readRepository(options, terminal);
  const { snapshot, diagnostics } = compile(repository.files);
  if (snapshot !== undefined) return snapshot;
  const texts = new Map(repository.files.map(({ path, text }) => [path, text]));
  const report = { diagnostics, summary: summarize(diagnostics, repository.files.length) };
  await terminal.stderr.write(
    diagnosticsText(report, {
      shownPath: shownPath(terminal, repository),
      textOf: (file) => texts.get(file),
      colour: terminal.stderr.colour,
    }),
  );
  return undefined;
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
