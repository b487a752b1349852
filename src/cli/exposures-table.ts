import { Option } from 'commander';
import type { CommandDefinition } from './command.js';
import type { ExposuresOptions } from './commands/exposures.js';
import { formatOption, parseTime } from './options.js';

export const exposuresCommand: CommandDefinition<ExposuresOptions> = {
  name: 'exposures',
  arguments: '<FLAG>',
  summary: 'show who met which variant of an experiment, and whether its split holds',
  details: [
    'Asks a server (`flagstaff serve --data-dir DIR`). A key comes from the environment variable FLAGSTAFF_KEY.',
    'One window for each time that the experiment was changed. Exit 1 when the split of the newest does not hold.',
  ].join('\n'),
  options: [
    new Option('--url <URL>', 'the server').default('http://127.0.0.1:7700'),
    new Option('-e, --env <ENV>', "the environment (default: the key's, else that of the server)"),
    new Option('--from <TIME>', 'evaluations from this time on, RFC 3339').argParser(parseTime),
    new Option('--to <TIME>', 'evaluations before this time, RFC 3339').argParser(parseTime),
    new Option('--interval <STEP>', 'of the series').choices(['hour', 'day']).default('day'),
    formatOption(['text', 'json', 'csv']),
  ],
  examples: [
    ['flagstaff exposures checkout.button-colour', 'how an experiment is doing'],
    ['flagstaff exposures checkout.button-colour --env production --format csv > exposures.csv', 'for a spreadsheet'],
  ],
  run: async (options, terminal) => (await import('./commands/exposures.js')).runExposures(options, terminal),
};
