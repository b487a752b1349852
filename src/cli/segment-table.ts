import { Option } from 'commander';
import { changeOptions, ifOption, inOption, PATHS, unsetOption } from './change-options.js';
import type { CommandGroup } from './command.js';
import type { SegmentCreateOptions, SegmentIdsOptions, SegmentSetOptions } from './commands/segment.js';
import { collect } from './options.js';

/** `flagstaff segment …` */
export const segment: CommandGroup = {
  name: 'segment',
  summary: 'create and change segments',
  commands: [
    {
      name: 'create',
      arguments: '<KEY>',
      summary: 'create a segment',
      options: [
        new Option('--description <TEXT>', 'who they are'),
        new Option('--owner <NAME>', 'who answers for it'),
        new Option('--parent <SEGMENT>', 'only its members can be members'),
        ifOption(),
        new Option('--include <ID>', 'a member whatever the conditions say (repeatable)').argParser(collect),
        new Option('--exclude <ID>', 'never a member (repeatable)').argParser(collect),
        inOption(),
        ...changeOptions(),
      ],
      examples: [['flagstaff segment create staff --if "email ends_with @example.com" --include user-1', 'colleagues']],
      run: async (options: SegmentCreateOptions, terminal) =>
        (await import('./commands/segment.js')).runSegmentCreate(options, terminal),
    },
    {
      name: 'set',
      arguments: '<KEY> [ASSIGNMENT...]',
      summary: 'set any field of a segment: PATH=VALUE',
      details: PATHS,
      options: [unsetOption(), ...changeOptions()],
      examples: [['flagstaff segment set staff "conditions.0.value=[DE, FR]"', 'the value of the first condition']],
      run: async (options: SegmentSetOptions, terminal) =>
        (await import('./commands/segment.js')).runSegmentSet(options, terminal),
    },
    {
      name: 'include',
      arguments: '<KEY> <ID...>',
      summary: 'make users members whatever the conditions say',
      options: changeOptions(),
      examples: [['flagstaff segment include staff user-7', 'one more']],
      run: async (options: SegmentIdsOptions, terminal) =>
        (await import('./commands/segment.js')).runSegmentInclude(options, terminal),
    },
    {
      name: 'exclude',
      arguments: '<KEY> <ID...>',
      summary: 'keep users out whatever else holds',
      options: changeOptions(),
      examples: [['flagstaff segment exclude staff user-7', 'one less']],
      run: async (options: SegmentIdsOptions, terminal) =>
        (await import('./commands/segment.js')).runSegmentExclude(options, terminal),
    },
    {
      name: 'unlist',
      arguments: '<KEY> <ID...>',
      summary: 'neither include nor exclude these users',
      options: changeOptions(),
      examples: [['flagstaff segment unlist staff user-7', 'as the conditions say']],
      run: async (options: SegmentIdsOptions, terminal) =>
        (await import('./commands/segment.js')).runSegmentUnlist(options, terminal),
    },
  ],
};
