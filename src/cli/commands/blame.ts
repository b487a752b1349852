import { blame } from '../../history/blame.js';
import { refuseUnknownEnvironment } from '../../history/environments.js';
import { flagsAt } from '../../history/place.js';
import { blameJson } from '../../report/blame-json.js';
import { blameText } from '../../report/blame-text.js';
import { withRepository } from '../../sources/git.js';
import type { GlobalOptions } from '../command.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import { findHistory } from '../repository.js';
import type { Terminal } from '../terminal.js';

export interface BlameOptions extends GlobalOptions {
  readonly flag: string;
  readonly ref?: string;
  /** Only what holds in this environment. */
  readonly env?: string;
  readonly format: 'text' | 'json';
}

export async function runBlame(options: BlameOptions, terminal: Terminal): Promise<ExitCode> {
  const root = await findHistory(options, terminal);
  const lines = await withRepository(root, terminal.env, async (repository) => {
    const from = await repository.resolve(options.ref ?? 'HEAD');
    const place = await flagsAt(repository, from);
    if (options.env !== undefined) await refuseUnknownEnvironment(place, from, options.env);
    return blame(place, from, options.flag);
  });
  const { env } = options;
  const shown = lines.filter(({ environments }) => {
    return env === undefined || environments.length === 0 || environments.includes(env);
  });
  const { stdout } = terminal;
  await stdout.write(options.format === 'json' ? blameJson(shown) : blameText(shown, { colour: stdout.colour }));
  return EXIT.ok;
}
