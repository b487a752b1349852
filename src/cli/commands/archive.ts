import { changeFlag } from '../../write/flag-part.js';
import { archive } from '../../write/objects.js';
import { type ChangeOptions, runChange } from '../change.js';
import type { ExitCode } from '../exit-code.js';
import type { Terminal } from '../terminal.js';

export interface ArchiveOptions extends ChangeOptions {
  readonly flag: string;
}

export function runArchive(options: ArchiveOptions, terminal: Terminal): Promise<ExitCode> {
  const { flag } = options;
  return runChange(flag, options, terminal, (project) => changeFlag(project, flag, archive));
}
