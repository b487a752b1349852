import { codeowners } from '../../report/codeowners.js';
import { withRepository } from '../../sources/git.js';
import type { GlobalOptions } from '../command.js';
import { compileRepository } from '../compiled.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import { note, type Terminal } from '../terminal.js';

export interface CodeownersCommandOptions extends GlobalOptions {
  readonly organisation?: string;
  readonly policy?: string;
  readonly protectors?: string;
}

export async function runCodeowners(options: CodeownersCommandOptions, terminal: Terminal): Promise<ExitCode> {
  const repository = await compileRepository(options, terminal);
  if (repository === undefined) return EXIT.findings;
  const prefix = await withRepository(repository.root, terminal.env, async (git) => git.prefix);
  const { organisation, policy, protectors } = options;
  const { text, leftOut } = codeowners(repository.project, {
    prefix,
    organisation: organisation === undefined ? '' : `@${organisation.replace(/^@|\/$/g, '')}/`,
    ...(policy === undefined ? {} : { policy }),
    ...(protectors === undefined ? {} : { protectors }),
  });
  await terminal.stdout.write(text);
  for (const file of leftOut)
    await note(terminal, `note: \`${file}\` is left out: its owner, or its path, cannot stand there`);
  return leftOut.length > 0 ? EXIT.findings : EXIT.ok;
}
