import { Refusal } from '../../diagnostics/refusal.js';
import { removeField, setRollout } from '../../write/behaviour.js';
import type { Edit } from '../../write/change.js';
import { changeBehaviour } from '../../write/flag-part.js';
import { type ChangeOptions, runChange } from '../change.js';
import type { ExitCode } from '../exit-code.js';
import type { Terminal } from '../terminal.js';
import { parseSplit } from '../value-input.js';

export interface RolloutOptions extends ChangeOptions {
  readonly flag: string;
  /** `on=25` */
  readonly split?: readonly string[];
  /** Who enters, from 0 to 100. */
  readonly percent?: number;
  readonly remove?: boolean;
  readonly env?: string;
}

export function runRollout(options: RolloutOptions, terminal: Terminal): Promise<ExitCode> {
  const { flag, env } = options;
  return runChange(flag, options, terminal, (project) => changeBehaviour(project, flag, env, editOf(options)));
}

function editOf({ split = [], percent, remove }: RolloutOptions): Edit {
  const isGiven = split.length > 0 || percent !== undefined;
  if (remove === isGiven || (remove === undefined && !isGiven)) {
    throw new Refusal('invalid-argument', 'say how far to roll out', {
      help: 'for example `on=25`, or `--percent 20`, or `--remove`',
    });
  }
  if (remove) return removeField('rollout');
  return setRollout({
    ...(percent === undefined ? {} : { percent }),
    ...(split.length === 0 ? {} : { split: parseSplit(split) }),
  });
}
