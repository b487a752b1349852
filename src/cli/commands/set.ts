import { assign } from '../../write/at-path.js';
import { changeBehaviour } from '../../write/flag-part.js';
import { type AssignmentOptions, assignmentsOf } from '../assignments.js';
import { type ChangeOptions, runChange } from '../change.js';
import type { ExitCode } from '../exit-code.js';
import type { Terminal } from '../terminal.js';

export interface SetOptions extends ChangeOptions, AssignmentOptions {
  readonly flag: string;
  readonly env?: string;
}

export function runSet(options: SetOptions, terminal: Terminal): Promise<ExitCode> {
  const { flag, env } = options;
  const assignments = assignmentsOf(options);
  return runChange(flag, options, terminal, (project) => changeBehaviour(project, flag, env, assign(assignments)));
}
