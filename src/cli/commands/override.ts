import { addOverrides, removeOverrides } from '../../write/behaviour.js';
import { changeBehaviour } from '../../write/flag-part.js';
import { type ChangeOptions, runChange } from '../change.js';
import type { ExitCode } from '../exit-code.js';
import type { Terminal } from '../terminal.js';

export interface OverrideAddOptions extends ChangeOptions {
  readonly flag: string;
  readonly variant: string;
  readonly id: readonly string[];
  readonly env?: string;
}

export interface OverrideRemoveOptions extends ChangeOptions {
  readonly flag: string;
  readonly id: readonly string[];
  readonly env?: string;
}

export function runOverrideAdd(options: OverrideAddOptions, terminal: Terminal): Promise<ExitCode> {
  const { flag, variant, id, env } = options;
  return runChange(flag, options, terminal, (project) =>
    changeBehaviour(project, flag, env, addOverrides(variant, id)),
  );
}

export function runOverrideRemove(options: OverrideRemoveOptions, terminal: Terminal): Promise<ExitCode> {
  const { flag, id, env } = options;
  return runChange(flag, options, terminal, (project) => changeBehaviour(project, flag, env, removeOverrides(id)));
}
