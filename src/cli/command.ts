import type { Option } from 'commander';
import type { ExitCode } from './exit-code.js';
import type { Terminal } from './terminal.js';

/** Options that every command takes. */
export interface GlobalOptions {
  /** `-C, --dir`, or the argument DIR of the commands that have one */
  readonly dir?: string;
}

/**
 * What the command line says of a command. `run` loads the command's own file, so that only what is used is loaded.
 * It is given the options under their camelCase names, and arguments under their names in lower case.
 */
export interface CommandDefinition<Options = object> {
  readonly name: string;
  /** As in the usage line: `[DIR]`, `<FLAG>`, `[FLAG...]`. */
  readonly arguments?: string;
  readonly summary: string;
  /** A paragraph below the usage line. */
  readonly details?: string;
  readonly options: readonly Option[];
  /** A command line and what it does. */
  readonly examples: readonly (readonly [line: string, what: string])[];
  run(options: Options, terminal: Terminal): Promise<ExitCode>;
}

/** Commands under a common name: `flagstaff rule add`. */
export interface CommandGroup {
  readonly name: string;
  readonly summary: string;
  readonly commands: readonly CommandDefinition[];
}
