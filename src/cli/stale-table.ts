import { InvalidArgumentError, Option } from 'commander';
import { STALE_STATES, type StaleState } from '../lifecycle/state.js';
import type { CommandDefinition } from './command.js';
import type { StaleOptions } from './commands/stale.js';
import { collect, formatOption, nowOption, wholeNumber } from './options.js';

export const staleCommand: CommandDefinition<StaleOptions> = {
  name: 'stale',
  summary: 'find flags that have outlived their use, and why',
  details: [
    'What everyone gets, for how long that has been so (out of git), what the flag is for, and who speaks of it.',
    'With --code it looks for keys between quotes, for `lifecycle.aliases`, and for calls that ask for no flag.',
    'With --server what is still evaluated counts as in use; a restart begins that count anew, and the answer tells since when.',
    'A key comes from the environment variable FLAGSTAFF_KEY.',
    `The states: ${STALE_STATES.join(', ')}; with --all also new, active and launched.`,
  ].join('\n'),
  options: [
    new Option('--code <DIR>', 'look for the flags in this code (repeatable); what git ignores is left out').argParser(
      collect,
    ),
    new Option('--server <URL>', 'count what this server has answered since it started (repeatable)').argParser(
      collect,
    ),
    new Option('--owner <NAME>', 'only flags of this owner'),
    new Option('--all', 'show every flag, and those that are snoozed'),
    new Option('--fail-on <STATES>', 'exit 1 when a flag is in one of these states, with commas').argParser(states),
    new Option('--max-stale <N>', 'exit 1 above this many (default: any number is fine)').argParser(wholeNumber(0)),
    nowOption('judge as of this time, RFC 3339 (default: the clock)'),
    formatOption(['text', 'json', 'markdown', 'sarif', 'github']),
  ],
  examples: [
    ['flagstaff stale', 'which flags should go'],
    ['flagstaff stale --code src --code web/src', 'and where in the code they are'],
    ['flagstaff stale --code . --fail-on zombie,ghost', 'no code asks for what is not there, in CI'],
    ['flagstaff stale --code . --server http://127.0.0.1:7700', 'and who still asks a server for them'],
    ['flagstaff stale --owner team-payments --format markdown', 'a list for an issue'],
  ],
  run: async (options, terminal) => (await import('./commands/stale.js')).runStale(options, terminal),
};

function states(text: string): readonly StaleState[] {
  return text.split(',').map((name) => {
    const state = STALE_STATES.find((one) => one === name.trim());
    if (state !== undefined) return state;
    throw new InvalidArgumentError(`write some of ${STALE_STATES.join(', ')}`);
  });
}
