import { Refusal } from '../../diagnostics/refusal.js';
import type { JsonObject } from '../../model/json.js';
import type { Edit } from '../../write/change.js';
import { changeBehaviour } from '../../write/flag-part.js';
import { addRule, moveRule, type Position, removeRule } from '../../write/rules.js';
import { type ChangeOptions, runChange } from '../change.js';
import type { ExitCode } from '../exit-code.js';
import type { Terminal } from '../terminal.js';
import { parseCondition, parseSplit } from '../value-input.js';

/** Where a rule goes; at most one of them. */
interface PositionOptions {
  readonly first?: boolean;
  readonly last?: boolean;
  readonly before?: string;
  readonly after?: string;
}

interface RuleOptions extends ChangeOptions {
  readonly flag: string;
  readonly env?: string;
}

export interface RuleAddOptions extends RuleOptions, PositionOptions {
  readonly name?: string;
  /** Conditions, all of which must hold. */
  readonly if?: readonly string[];
  readonly serve?: string;
  /** `on=50` */
  readonly split?: readonly string[];
}

export interface RuleRemoveOptions extends RuleOptions {
  readonly rule: string;
}

export interface RuleMoveOptions extends RuleOptions, PositionOptions {
  readonly rule: string;
}

export function runRuleAdd(options: RuleAddOptions, terminal: Terminal): Promise<ExitCode> {
  return change(options, terminal, () => addRule(ruleOf(options), positionOf(options) ?? 'last'));
}

export function runRuleRemove(options: RuleRemoveOptions, terminal: Terminal): Promise<ExitCode> {
  return change(options, terminal, () => removeRule(options.rule));
}

export function runRuleMove(options: RuleMoveOptions, terminal: Terminal): Promise<ExitCode> {
  return change(options, terminal, () => {
    const position = positionOf(options);
    if (position !== undefined) return moveRule(options.rule, position);
    throw new Refusal('invalid-argument', 'say where to', {
      help: '`--first`, `--last`, `--before RULE`, `--after RULE`',
    });
  });
}

function change(options: RuleOptions, terminal: Terminal, edit: () => Edit): Promise<ExitCode> {
  const { flag, env } = options;
  return runChange(flag, options, terminal, (project) => changeBehaviour(project, flag, env, edit()));
}

function ruleOf({ name, if: conditions = [], serve, split }: RuleAddOptions): JsonObject {
  if ((serve === undefined) === (split === undefined)) {
    throw new Refusal('invalid-argument', 'a rule serves one variant, or splits', {
      help: 'for example `--serve on`, or `--split on=50 --split off=50`',
    });
  }
  return {
    ...(name === undefined ? {} : { name }),
    conditions: conditions.map(parseCondition),
    ...(serve === undefined ? {} : { serve }),
    ...(split === undefined ? {} : { split: parseSplit(split) }),
  };
}

function positionOf({ first, last, before, after }: PositionOptions): Position | undefined {
  const given: Position[] = [
    ...(first ? (['first'] as const) : []),
    ...(last ? (['last'] as const) : []),
    ...(before === undefined ? [] : [{ before }]),
    ...(after === undefined ? [] : [{ after }]),
  ];
  if (given.length > 1) {
    throw new Refusal('invalid-argument', 'a rule can be in one place only', { help: 'say one of them' });
  }
  return given[0];
}
