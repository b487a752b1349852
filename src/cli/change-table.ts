import { Option } from 'commander';
import { changeOptions, ifOption, inOption, PATHS, partOption, unsetOption } from './change-options.js';
import type { CommandDefinition, CommandGroup } from './command.js';
import type { ArchiveOptions } from './commands/archive.js';
import type { CreateOptions } from './commands/create.js';
import type { DisableOptions } from './commands/disable.js';
import type { EnableOptions } from './commands/enable.js';
import type { OverrideAddOptions, OverrideRemoveOptions } from './commands/override.js';
import type { RestoreOptions } from './commands/restore.js';
import type { RolloutOptions } from './commands/rollout.js';
import type { RuleAddOptions, RuleMoveOptions, RuleRemoveOptions } from './commands/rule.js';
import type { SetOptions } from './commands/set.js';
import { collect, percentage } from './options.js';
import { segment } from './segment-table.js';

const create: CommandDefinition = {
  name: 'create',
  arguments: '<KEY>',
  summary: 'create a flag',
  details: 'Writes KEY.flag.yaml. A boolean flag has the variants on and off.',
  options: [
    new Option('--type <TYPE>', 'the type of its values; it never changes')
      .choices(['boolean', 'string', 'number', 'json'])
      .default('boolean'),
    new Option('--description <TEXT>', 'what it is for'),
    new Option('--owner <NAME>', 'who answers for it'),
    new Option('--tag <TAG>', 'a word to find it by (repeatable)').argParser(collect),
    new Option('--purpose <PURPOSE>', 'why it exists').choices([
      'release',
      'experiment',
      'operational',
      'kill_switch',
      'permission',
    ]),
    new Option('--remove-by <DATE>', 'when it should be gone'),
    new Option('--variant <NAME=VALUE>', 'a variant (repeatable)').argParser(collect),
    new Option('--default <VARIANT>', 'served when nothing else decides (default: off, or the first variant)'),
    inOption(),
    ...changeOptions(),
  ],
  examples: [
    ['flagstaff create new-search --owner team-search --purpose release', 'off for everyone'],
    ['flagstaff create button --type string --variant blue=#00f --variant green=#0f0', 'two colours'],
  ],
  run: async (options: CreateOptions, terminal) => (await import('./commands/create.js')).runCreate(options, terminal),
};

const enable: CommandDefinition = {
  name: 'enable',
  arguments: '<FLAG>',
  summary: 'turn a flag on: rules and rollout count',
  options: [partOption(), ...changeOptions()],
  examples: [['flagstaff enable new-search --env production --commit --reason "tested by QA"', 'in production']],
  run: async (options: EnableOptions, terminal) => (await import('./commands/enable.js')).runEnable(options, terminal),
};

const disable: CommandDefinition = {
  name: 'disable',
  arguments: '<FLAG>',
  summary: 'kill a flag: everyone gets its off_variant',
  options: [partOption(), ...changeOptions()],
  examples: [['flagstaff disable new-search --env production --commit --reason "INC-7"', 'in production, now']],
  run: async (options: DisableOptions, terminal) =>
    (await import('./commands/disable.js')).runDisable(options, terminal),
};

const rollout: CommandDefinition = {
  name: 'rollout',
  arguments: '<FLAG> [SPLIT...]',
  summary: 'set how many get which variant',
  details: 'SPLIT is VARIANT=PERCENT. What is left of 100 gets the default. Steps that the rollout has go.',
  options: [
    new Option('--percent <N>', 'how many enter, in percent; the split is of those').argParser(percentage),
    new Option('--remove', 'no rollout'),
    partOption(),
    ...changeOptions(),
  ],
  examples: [
    ['flagstaff rollout new-search on=25 --env production --dry-run', 'a quarter of the users'],
    ['flagstaff rollout button blue=50 green=50 --percent 20', 'a fifth of the users, half and half'],
  ],
  run: async (options: RolloutOptions, terminal) =>
    (await import('./commands/rollout.js')).runRollout(options, terminal),
};

const override: CommandGroup = {
  name: 'override',
  summary: 'give some users a variant whatever the rules say',
  commands: [
    {
      name: 'add',
      arguments: '<FLAG> <VARIANT> <ID...>',
      summary: 'serve these users this variant',
      details: 'An ID is a targetingKey. One that is listed under another variant moves.',
      options: [partOption(), ...changeOptions()],
      examples: [['flagstaff override add new-search on user-1 user-2', 'two users try it']],
      run: async (options: OverrideAddOptions, terminal) =>
        (await import('./commands/override.js')).runOverrideAdd(options, terminal),
    },
    {
      name: 'remove',
      arguments: '<FLAG> <ID...>',
      summary: 'no override for these users',
      options: [partOption(), ...changeOptions()],
      examples: [['flagstaff override remove new-search user-1', 'as everyone else']],
      run: async (options: OverrideRemoveOptions, terminal) =>
        (await import('./commands/override.js')).runOverrideRemove(options, terminal),
    },
  ],
};

function positionOptions(): Option[] {
  return [
    new Option('--first', 'before all others'),
    new Option('--last', 'after all others'),
    new Option('--before <RULE>', 'before this rule'),
    new Option('--after <RULE>', 'after this rule'),
  ];
}

const RULE = 'RULE is a name, or a number from 1.';

const rule: CommandGroup = {
  name: 'rule',
  summary: 'change the rules of a flag',
  commands: [
    {
      name: 'add',
      arguments: '<FLAG>',
      summary: 'add a rule',
      details: `The first rule whose conditions hold decides. ${RULE}`,
      options: [
        new Option('--name <NAME>', 'what it is called'),
        ifOption(),
        new Option('--serve <VARIANT>', 'what it serves'),
        new Option('--split <VARIANT=PERCENT>', 'or how it splits: 100 together (repeatable)').argParser(collect),
        ...positionOptions(),
        partOption(),
        ...changeOptions(),
      ],
      examples: [
        ['flagstaff rule add new-search --name Staff --if "in_segment staff" --serve on --first', 'staff first of all'],
        ['flagstaff rule add button --if "country in [DE, FR]" --split blue=50 --split green=50', 'half and half'],
      ],
      run: async (options: RuleAddOptions, terminal) =>
        (await import('./commands/rule.js')).runRuleAdd(options, terminal),
    },
    {
      name: 'remove',
      arguments: '<FLAG> <RULE>',
      summary: 'remove a rule',
      details: RULE,
      options: [partOption(), ...changeOptions()],
      examples: [['flagstaff rule remove new-search Staff', 'no rule for staff']],
      run: async (options: RuleRemoveOptions, terminal) =>
        (await import('./commands/rule.js')).runRuleRemove(options, terminal),
    },
    {
      name: 'move',
      arguments: '<FLAG> <RULE>',
      summary: 'let a rule decide earlier, or later',
      details: RULE,
      options: [...positionOptions(), partOption(), ...changeOptions()],
      examples: [['flagstaff rule move new-search Staff --after Europe', 'Europe decides first']],
      run: async (options: RuleMoveOptions, terminal) =>
        (await import('./commands/rule.js')).runRuleMove(options, terminal),
    },
  ],
};

const archive: CommandDefinition = {
  name: 'archive',
  arguments: '<FLAG>',
  summary: 'take a flag out of service',
  details:
    'It is served no more; its file stays, for the record, and its key stays taken. Refused while others ask for it.',
  options: changeOptions(),
  examples: [['flagstaff archive new-search --commit --reason "it is the only search now"', 'and say why']],
  run: async (options: ArchiveOptions, terminal) =>
    (await import('./commands/archive.js')).runArchive(options, terminal),
};

const restore: CommandDefinition = {
  name: 'restore',
  arguments: '<FLAG>',
  summary: 'put an archived flag back into service',
  options: changeOptions(),
  examples: [['flagstaff restore new-search', 'as it was']],
  run: async (options: RestoreOptions, terminal) =>
    (await import('./commands/restore.js')).runRestore(options, terminal),
};

const set: CommandDefinition = {
  name: 'set',
  arguments: '<FLAG> [ASSIGNMENT...]',
  summary: 'set any field of a flag: PATH=VALUE',
  details: PATHS,
  options: [unsetOption(), partOption(), ...changeOptions()],
  examples: [
    ['flagstaff set new-search owner=team-web "tags=[web, search]"', 'two fields'],
    ['flagstaff set new-search default=on --unset rollout --env staging', 'in one environment'],
  ],
  run: async (options: SetOptions, terminal) => (await import('./commands/set.js')).runSet(options, terminal),
};

/** The commands that change flags and segments. */
export const changeCommands: readonly (CommandDefinition | CommandGroup)[] = [
  ...[create, enable, disable, rollout, override, rule],
  ...[set, archive, restore, segment],
];
