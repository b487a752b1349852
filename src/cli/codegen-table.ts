import { Option } from 'commander';
import type { CommandDefinition } from './command.js';
import type { CodegenOptions } from './commands/codegen.js';
import { collect } from './options.js';

export const codegenCommand: CommandDefinition = {
  name: 'codegen',
  summary: 'write typed accessors for the flags, as code',
  details: [
    'A constant for each flag, with its key, the type of its value and its default: code that asks for a flag that is',
    'gone, or that has another type, does not compile. With --check nothing is written: exit 1 when FILE is outdated.',
  ].join('\n'),
  options: [
    new Option('--lang <NAME>', 'what to write: TypeScript, or a manifest for the OpenFeature CLI')
      .choices(['ts', 'openfeature-manifest'])
      .makeOptionMandatory(),
    new Option('-o, --out <FILE>', 'where to write it (default: stdout)'),
    new Option('--check', 'say whether FILE is up to date, and write nothing'),
    new Option('--tag <TAG>', 'only flags with this tag (repeatable: with all of them)').argParser(collect),
    new Option('--expose <AUDIENCE>', 'only flags that are exposed to it').choices(['server', 'client']),
  ],
  examples: [
    ['flagstaff codegen --lang ts --out src/flags.ts', 'typed flags for an application'],
    ['flagstaff codegen --lang ts --out src/flags.ts --check', 'in CI'],
    ['flagstaff codegen --lang openfeature-manifest --out flags.json', 'for `openfeature generate`, in many languages'],
  ],
  run: async (options: CodegenOptions, terminal) =>
    (await import('./commands/codegen.js')).runCodegen(options, terminal),
};
