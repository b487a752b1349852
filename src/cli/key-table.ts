import { Option } from 'commander';
import { ROLES, SCOPES } from '../server/access/key.js';
import type { CommandDefinition, CommandGroup } from './command.js';
import type { KeysAddOptions, KeysListOptions, KeysRevokeOptions } from './commands/keys.js';
import { collect, formatOption } from './options.js';

function keysOption(): Option {
  return new Option('--keys <FILE>', 'the key file, which holds hashes only')
    .env('FLAGSTAFF_KEYS')
    .default('flagstaff-keys.json');
}

const add: CommandDefinition = {
  name: 'add',
  summary: 'make a key and show it, this once',
  details: [
    'A server key reads definitions of its environment, a client key only values of flags that expose `client`,',
    'an admin key administers.',
  ].join('\n'),
  options: [
    keysOption(),
    new Option('--role <ROLE>', 'what the key is for').choices(ROLES).makeOptionMandatory(),
    new Option('-e, --env <ENV>', 'the environment that the key is for; only an admin key may do without'),
    new Option('--name <NAME>', 'what it is called in lists and logs (default: role and environment)'),
    new Option('--tag <TAG>', 'a client key: only flags with this tag (repeatable: with any of them)').argParser(
      collect,
    ),
    new Option('--scope <SCOPE>', `an admin key: no more than this (repeatable): ${SCOPES.join(', ')}`).argParser(
      collect,
    ),
    new Option('--only <ENV>', 'an admin key: writes what this environment does, and no other (repeatable)').argParser(
      collect,
    ),
  ],
  examples: [
    ['flagstaff keys add --role server --env production', 'a key for the servers of an application'],
    ['flagstaff keys add --role admin --scope flags:write --only staging', 'changes flags, and nothing but staging'],
  ],
  run: async (options: KeysAddOptions, terminal) => (await import('./commands/keys.js')).runKeysAdd(options, terminal),
};

const list: CommandDefinition = {
  name: 'list',
  summary: 'list the keys there are, without the keys themselves',
  options: [keysOption(), formatOption(['text', 'json'])],
  examples: [['flagstaff keys list', 'ids, roles and environments']],
  run: async (options: KeysListOptions, terminal) =>
    (await import('./commands/keys.js')).runKeysList(options, terminal),
};

const revoke: CommandDefinition = {
  name: 'revoke',
  arguments: '<ID>',
  summary: 'take a key away',
  details: 'A running server notices by itself.',
  options: [keysOption()],
  examples: [['flagstaff keys revoke abcdefgh', 'by its id']],
  run: async (options: KeysRevokeOptions, terminal) =>
    (await import('./commands/keys.js')).runKeysRevoke(options, terminal),
};

/** The keys of a server. */
export const keyCommands: CommandGroup = {
  name: 'keys',
  summary: 'keys for a server: make, list, revoke',
  commands: [add, list, revoke],
};
