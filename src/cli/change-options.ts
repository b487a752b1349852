import { Option } from 'commander';
import { collect, envOption } from './options.js';

/** What every command takes that changes files. */
export function changeOptions(): Option[] {
  return [
    new Option('--reason <TEXT>', 'why: kept in the commit'),
    new Option('--dry-run', 'show what would change, in the file and in meaning; write nothing'),
    new Option('--commit', 'commit the file, and only that, with a message that says what changed'),
    new Option('--branch <NAME>', 'begin this branch and commit there'),
  ];
}

export function partOption(): Option {
  return envOption('only this environment (default: all that are not protected and do not say otherwise)');
}

export function ifOption(): Option {
  const description =
    'a condition: `plan eq pro`, `country in [DE, FR]`, `in_segment friends` (repeatable: all must hold)';
  return new Option('--if <CONDITION>', description).argParser(collect);
}

export function inOption(): Option {
  return new Option('--in <FOLDER>', 'a folder of the flag repository for the file (default: its top)');
}

export function unsetOption(): Option {
  return new Option('--unset <PATH>', 'take this out (repeatable)').argParser(collect);
}

export const PATHS = [
  'A path is names and numbers with dots between them, or a JSON Pointer; `-` is a new item of a list.',
  'A value is written as it would stand in a file.',
].join('\n');
