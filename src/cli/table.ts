import { Option } from 'commander';
import { changeCommands } from './change-table.js';
import { codegenCommand } from './codegen-table.js';
import type { CommandDefinition, CommandGroup } from './command.js';
import type { BisectOptions } from './commands/bisect.js';
import type { BlameOptions } from './commands/blame.js';
import type { DiffOptions } from './commands/diff.js';
import type { EvalOptions } from './commands/eval.js';
import type { GraphOptions } from './commands/graph.js';
import type { InitOptions } from './commands/init.js';
import type { LintOptions } from './commands/lint.js';
import type { ListOptions } from './commands/list.js';
import type { LogOptions } from './commands/log.js';
import type { ShowOptions } from './commands/show.js';
import type { TestOptions } from './commands/test.js';
import { exposuresCommand } from './exposures-table.js';
import { keyCommands } from './key-table.js';
import {
  asOfOption,
  attrOption,
  collect,
  contextOption,
  contextsOption,
  envOption,
  formatOption,
  nowOption,
  parseTime,
  percentage,
  refOption,
  wholeNumber,
} from './options.js';
import { codeownersCommand, reviewCommand } from './review-table.js';
import { serveCommand } from './serve-table.js';
import { staleCommand } from './stale-table.js';

/** Every command, in the order of `flagstaff --help`. A command's own file is loaded when it runs. */
export const commands: readonly (CommandDefinition | CommandGroup)[] = [
  {
    name: 'init',
    arguments: '[DIR]',
    summary: 'write a small flag repository to start from',
    details: 'Writes a project, a flag, a segment and a test into DIR (default: flags). Never overwrites.',
    options: [
      new Option(
        '--ci <SYSTEM>',
        'write what makes CI check the flags, too; the top of the repository is here',
      ).choices(['github', 'gitlab']),
    ],
    examples: [
      ['flagstaff init', 'begin in ./flags'],
      ['flagstaff init --ci github', 'and review pull requests'],
    ],
    run: async (options: InitOptions, terminal) => (await import('./commands/init.js')).runInit(options, terminal),
  },
  {
    name: 'lint',
    arguments: '[DIR]',
    summary: 'check a flag repository',
    details: 'Prints every problem of every file. Exit 1 when there is an error, or more warnings than allowed.',
    options: [
      formatOption(['text', 'json', 'github', 'sarif']),
      new Option('--max-warnings <N>', 'exit 1 above this many warnings (default: any number is fine)').argParser(
        wholeNumber(0),
      ),
      nowOption(),
    ],
    examples: [
      ['flagstaff lint', 'check the repository around here'],
      ['flagstaff lint flags --max-warnings 0', 'fail on warnings too'],
      ['flagstaff lint --format sarif > flagstaff.sarif', 'for code scanning'],
    ],
    run: async (options: LintOptions, terminal) => (await import('./commands/lint.js')).runLint(options, terminal),
  },
  {
    name: 'eval',
    arguments: '[FLAG...]',
    summary: 'evaluate flags for a context',
    details: [
      'Evaluates the named flags, or all that are not archived. Exit 1 when one could not be evaluated.',
      'A project that declares the type of an attribute reads --attr so; a list has commas or is repeated.',
    ].join('\n'),
    options: [
      contextOption(),
      attrOption(),
      contextsOption(),
      envOption(),
      nowOption(),
      refOption('the flags of this git revision (default: the working tree)'),
      asOfOption(),
      new Option('--default <VALUE>', 'the value where no variant is served (default: null)'),
      new Option('--explain', 'show how each answer came about'),
      new Option('--summary', 'count answers per flag, variant and reason'),
      formatOption(['text', 'json', 'ndjson'], 'how to print (default: ndjson with --contexts, else text)', false),
    ],
    examples: [
      ['flagstaff eval', 'every flag for an empty context'],
      ['flagstaff eval checkout.one-page --attr targetingKey=user-1 --attr plan=pro --explain', 'why a user gets it'],
      ['flagstaff eval --context @user.json --env production --format json', 'for a program'],
      ['flagstaff eval --contexts users.ndjson --summary', 'who would get what'],
      ['flagstaff eval --as-of 2026-11-21T14:05:00Z --attr targetingKey=user-1', 'what a user got back then'],
    ],
    run: async (options: EvalOptions, terminal) => (await import('./commands/eval.js')).runEval(options, terminal),
  },
  {
    name: 'list',
    summary: 'list the flags',
    details: 'One line a flag: what it is, and what it does in each environment.',
    options: [
      new Option('--tag <TAG>', 'only flags with this tag (repeatable: with all of them)').argParser(collect),
      new Option('--owner <NAME>', 'only flags of this owner'),
      new Option('--state <STATE>', 'only flags in this state').choices(['active', 'archived']),
      envOption('only this environment'),
      nowOption(),
      formatOption(['text', 'json']),
    ],
    examples: [
      ['flagstaff list', 'every flag'],
      ['flagstaff list --owner team-payments --tag web --env production', 'some flags, in one environment'],
    ],
    run: async (options: ListOptions, terminal) => (await import('./commands/list.js')).runList(options, terminal),
  },
  {
    name: 'show',
    arguments: '<FLAG>',
    summary: 'show a flag as it stands in an environment',
    details: 'Defaults filled in and overrides merged, with the file that says so.',
    options: [envOption(), formatOption(['yaml', 'json'])],
    examples: [['flagstaff show checkout.one-page --env production', 'what production does']],
    run: async (options: ShowOptions, terminal) => (await import('./commands/show.js')).runShow(options, terminal),
  },
  {
    name: 'graph',
    summary: 'draw what depends on what',
    details: 'Flags and segments of an environment. Solid: prerequisites and parents; dashed: conditions.',
    options: [envOption(), formatOption(['mermaid', 'dot'])],
    examples: [
      ['flagstaff graph', 'a Mermaid chart, for Markdown'],
      ['flagstaff graph --format dot | dot -Tsvg > flags.svg', 'a picture, with Graphviz'],
    ],
    run: async (options: GraphOptions, terminal) => (await import('./commands/graph.js')).runGraph(options, terminal),
  },
  {
    name: 'test',
    arguments: '[DIR]',
    summary: 'run the flag tests of a repository',
    details: [
      'Runs the cases of every *.test.yaml. Exit 1 when a case fails, or the coverage is too low.',
      'A case that names no time runs at 2000-01-01T00:00:00Z, whatever the clock says.',
    ].join('\n'),
    options: [
      formatOption(['text', 'json', 'junit']),
      new Option('--filter <TEXT>', 'only cases with this in their name, flag or segment'),
      new Option('--coverage', 'show which rules, variants, segments and environments no case exercises'),
      new Option('--min-coverage <N>', 'exit 1 below this coverage, in percent').argParser(percentage),
      new Option('--watch', 'run again whenever the repository changes, until interrupted'),
      nowOption('the time of cases that name none, RFC 3339 (default: 2000-01-01T00:00:00Z)'),
    ],
    examples: [
      ['flagstaff test', 'run the tests of the repository around here'],
      ['flagstaff test flags --coverage --min-coverage 90', 'and say what they leave out'],
      ['flagstaff test --format junit > flags.xml', 'for a CI server'],
      ['flagstaff test --watch --filter one-page', 'while editing'],
    ],
    run: async (options: TestOptions, terminal) => (await import('./commands/test.js')).runTest(options, terminal),
  },
  {
    name: 'diff',
    arguments: '[A] [B]',
    summary: 'show what changed in meaning, and for whom',
    details: [
      'Compares two revisions, or one with the working tree (default: HEAD); `A...B` since the two parted.',
      'What reads otherwise and means the same is no change. --contexts asks for the impact too.',
    ].join('\n'),
    options: [
      new Option('--impact', 'reckon who would get something else'),
      contextsOption(),
      envOption('only this environment (default: all)'),
      nowOption(),
      new Option('--exit-code', 'exit 1 when there are changes'),
      formatOption(['text', 'json', 'markdown']),
    ],
    examples: [
      ['flagstaff diff', 'what the working tree changes'],
      ['flagstaff diff main...HEAD --impact', 'what a branch changes, and for how many'],
      ['flagstaff diff v1.0 v1.1 --env production --format markdown', 'release notes'],
    ],
    run: async (options: DiffOptions, terminal) => (await import('./commands/diff.js')).runDiff(options, terminal),
  },
  reviewCommand,
  {
    name: 'log',
    arguments: '[KEY]',
    summary: 'show who changed what, when and why',
    details: [
      'The history of a flag, segment or group (default: of all) in meaning, newest first, along first parents.',
      'A key is followed wherever its file stood. Times are those at which commits came to stand in history.',
    ].join('\n'),
    options: [
      refOption('begin at this git revision (default: HEAD)'),
      new Option('--since <TIME>', 'only from this time on, RFC 3339').argParser(parseTime),
      new Option('--until <TIME>', 'only until this time, RFC 3339').argParser(parseTime),
      new Option('--author <TEXT>', 'only authors with this in their name or address'),
      envOption('only what concerns this environment (default: all)'),
      new Option('-n, --number <N>', 'at most this many commits').argParser(wholeNumber(1)),
      new Option('--all', 'commits too that changed nothing in meaning: comments, formatting, file names'),
      formatOption(['text', 'json', 'markdown']),
    ],
    examples: [
      ['flagstaff log checkout.one-page', 'the story of a flag'],
      ['flagstaff log --env production --since 2026-11-01', 'what happened to production'],
      ['flagstaff log checkout.one-page -n 1 --format json', 'the last change, for a program'],
    ],
    run: async (options: LogOptions, terminal) => (await import('./commands/log.js')).runLog(options, terminal),
  },
  serveCommand,
  {
    name: 'blame',
    arguments: '<FLAG>',
    summary: 'show which commit last changed each rule and field of a flag',
    details: 'Who changed the meaning counts, not who touched the line: comments, order and names do not.',
    options: [
      refOption('the flag at this git revision (default: HEAD)'),
      envOption('only what holds in this environment (default: all)'),
      formatOption(['text', 'json']),
    ],
    examples: [['flagstaff blame checkout.one-page --env production', 'why production does what it does']],
    run: async (options: BlameOptions, terminal) => (await import('./commands/blame.js')).runBlame(options, terminal),
  },
  {
    name: 'bisect',
    arguments: '<FLAG>',
    summary: 'find the commit that changed what a user gets',
    details: [
      'Names the newest commit that changed the answer: in the flag, a segment, a prerequisite or a group.',
      'Every revision is asked with the same clock. Exit 1 when no commit changed it.',
    ].join('\n'),
    options: [
      contextOption(),
      attrOption(),
      envOption(),
      nowOption(),
      new Option('--bad <REV>', 'a revision with the answer in question (default: HEAD)'),
      new Option('--good <REV>', 'an older revision with another answer (default: look back as far as needed)'),
      formatOption(['text', 'json']),
    ],
    examples: [
      ['flagstaff bisect checkout.one-page --attr targetingKey=user-1', 'since when, and by whom'],
      ['flagstaff bisect checkout.one-page -c @user.json --env production --good v1.4', 'since a release'],
    ],
    run: async (options: BisectOptions, terminal) =>
      (await import('./commands/bisect.js')).runBisect(options, terminal),
  },
  staleCommand,
  exposuresCommand,
  codeownersCommand,
  codegenCommand,
  ...changeCommands,
  keyCommands,
];
