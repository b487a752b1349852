import { Option } from 'commander';
import type { CommandDefinition } from './command.js';
import type { CodeownersCommandOptions } from './commands/codeowners.js';
import type { ReviewOptions } from './commands/review.js';
import { contextsOption, formatOption, nowOption } from './options.js';

export const reviewCommand: CommandDefinition = {
  name: 'review',
  summary: 'judge a change before it is merged',
  details: [
    'Lints, runs the flag tests, compares with where the change began, and reckons who would see something else.',
    'The policy is that of the base: a change cannot loosen the rules it is judged by. Exit 1 when it fails.',
  ].join('\n'),
  options: [
    new Option('--base <REV>', 'the branch that the change is for').makeOptionMandatory(),
    contextsOption(),
    new Option('--accept-impact <BY>', 'somebody accepts that more users than `max_impact` see something else'),
    nowOption(),
    formatOption(['markdown', 'text', 'github', 'json']),
  ],
  examples: [
    ['flagstaff review --base main --format text', 'before you open a pull request'],
    ['flagstaff review --base origin/main > review.md', 'for a comment on it'],
    ['flagstaff review --base origin/main --format github --accept-impact ada', 'in a workflow, when Ada agreed'],
  ],
  run: async (options: ReviewOptions, terminal) => (await import('./commands/review.js')).runReview(options, terminal),
};

export const codeownersCommand: CommandDefinition = {
  name: 'codeowners',
  summary: 'print a CODEOWNERS file',
  details: 'A line for each flag, segment and group that has an owner. Exit 1 when one has no place in such a file.',
  options: [
    new Option('--organisation <NAME>', 'team-a is @NAME/team-a there'),
    new Option('--policy <OWNER>', 'who owns flagstaff.yaml, and with it the policy'),
    new Option('--protectors <OWNER>', 'who owns what protected environments do'),
  ],
  examples: [
    ['flagstaff codeowners --organisation acme --protectors @acme/release > .github/CODEOWNERS', 'for GitHub'],
  ],
  run: async (options: CodeownersCommandOptions, terminal) =>
    (await import('./commands/codeowners.js')).runCodeowners(options, terminal),
};
