import { setEnabled } from '../../write/behaviour.js';
import { changeBehaviour } from '../../write/flag-part.js';
import { type ChangeOptions, runChange } from '../change.js';
import type { ExitCode } from '../exit-code.js';
import type { Terminal } from '../terminal.js';

export interface EnableOptions extends ChangeOptions {
  readonly flag: string;
  readonly env?: string;
}

export function runEnable(options: EnableOptions, terminal: Terminal): Promise<ExitCode> {
  const { flag, env } = options;
  return runChange(flag, options, terminal, (project) => changeBehaviour(project, flag, env, setEnabled(true)));
}
