import { Option } from 'commander';
import type { CommandDefinition } from './command.js';
import type { EvalOptions } from './commands/eval.js';
import type { LintOptions } from './commands/lint.js';
import {
  attrOption,
  contextOption,
  contextsOption,
  envOption,
  formatOption,
  nowOption,
  wholeNumber,
} from './options.js';

/** Every command, in the order of `flagstaff --help`. A command's own file is loaded when it runs. */
export const commands: readonly CommandDefinition[] = [
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
    ],
    run: async (options: EvalOptions, terminal) => (await import('./commands/eval.js')).runEval(options, terminal),
  },
];
