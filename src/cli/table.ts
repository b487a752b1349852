import type { CommandDefinition } from './command.js';

/** Every command, in the order of `flagstaff --help`. A command's own file is loaded when it runs. */
export const commands: readonly CommandDefinition[] = [];
