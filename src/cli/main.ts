import { Command, CommanderError } from 'commander';
import { Refusal } from '../diagnostics/refusal.js';
import type { CommandDefinition, CommandGroup } from './command.js';
import { EXIT, type ExitCode } from './exit-code.js';
import { commands } from './table.js';
import { type Output, type Terminal, withoutColour } from './terminal.js';
import { packageVersion } from './version.js';

interface Globals {
  readonly dir?: string;
  readonly color: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
}

/** Runs one command line (without `node` and the program's name). Never rejects. */
export async function main(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const help: Help = { out: [], err: [] };
  try {
    return await runLine(argv, terminal, help);
  } catch (error) {
    await terminal.stdout.write(help.out.join(''));
    await terminal.stderr.write(help.err.join(''));
    return await reportError(error, argv, terminal);
  }
}

/** What commander would have printed itself: help that was asked for, and help that was not. */
interface Help {
  readonly out: string[];
  readonly err: string[];
}

async function runLine(argv: readonly string[], terminal: Terminal, help: Help): Promise<ExitCode> {
  let code: ExitCode = EXIT.ok;
  const program = programFor(await packageVersion(), help, terminal);
  const add = (parent: Command, definition: CommandDefinition) => {
    const command = addCommand(parent, definition);
    command.action(async () => {
      const globals = program.opts<Globals>();
      code = await definition.run(optionsOf(command, globals), settle(terminal, globals));
    });
  };
  for (const definition of commands) {
    if (!('commands' in definition)) add(program, definition);
    else for (const own of definition.commands) add(groupFor(program, definition), own);
  }
  await program.parseAsync([...argv], { from: 'user' });
  return code;
}

function programFor(version: string, help: Help, { stdout, stderr }: Terminal): Command {
  return new Command('flagstaff')
    .description('Feature flags that live as YAML in a git repository.')
    .version(version, '--version', 'print the version')
    .option('-C, --dir <DIR>', 'the flag repository (default: the nearest upwards, else ./flags)')
    .option('--no-color', 'no colours (also NO_COLOR=1; FORCE_COLOR=1 for the reverse)')
    .option('--quiet', 'nothing on stderr but errors')
    .option('--verbose', 'more on stderr')
    .helpOption('-h, --help', 'print help for the command')
    .helpCommand('help [command]', 'print help for a command')
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => help.out.push(text),
      writeErr: (text) => help.err.push(text),
      outputError: () => undefined,
      getOutHelpWidth: () => stdout.columns,
      getErrHelpWidth: () => stderr.columns,
    })
    .exitOverride()
    .addHelpText('after', '\nExit codes: 0 ok, 1 findings, 2 could not run, 3 a bug in flagstaff');
}

function addCommand(program: Command, definition: CommandDefinition): Command {
  const command = program.command(definition.name).summary(definition.summary);
  command.description(definition.details ? `${definition.summary}\n\n${definition.details}` : definition.summary);
  if (definition.arguments) command.arguments(definition.arguments);
  for (const option of definition.options) command.addOption(option);
  return command.allowExcessArguments(false).addHelpText('after', () => examplesText(definition));
}

/** The command that holds a group's own ones; it is added with the first of them. */
function groupFor(program: Command, { name, summary, commands: own }: CommandGroup): Command {
  const known = program.commands.find((command) => command.name() === name);
  if (known !== undefined) return known;
  const examples = own.flatMap((definition) => definition.examples);
  const group = program.command(name).summary(summary).description(summary);
  return group.addHelpText('after', () => examplesText({ examples }));
}

function examplesText({ examples }: Pick<CommandDefinition, 'examples'>): string {
  return `\nExamples:\n${examples.map(([line, what]) => `  # ${what}\n  $ ${line}`).join('\n')}`;
}

/** Options, and arguments under their names in lower case; an argument that is given wins over its option. */
function optionsOf(command: Command, globals: Globals): object {
  const given = command.registeredArguments
    .map((argument, index) => [argument.name().toLowerCase(), command.processedArgs[index]] as const)
    .filter(([, value]) => value !== undefined);
  const dir = globals.dir === undefined ? {} : { dir: globals.dir };
  return { ...dir, ...command.opts(), ...Object.fromEntries(given) };
}

function settle(terminal: Terminal, { color, quiet, verbose }: Globals): Terminal {
  const verbosity = quiet ? 'quiet' : verbose ? 'verbose' : terminal.verbosity;
  if (color) return { ...terminal, verbosity };
  return { ...terminal, verbosity, stdout: withoutColour(terminal.stdout), stderr: withoutColour(terminal.stderr) };
}

async function reportError(error: unknown, argv: readonly string[], { stderr }: Terminal): Promise<ExitCode> {
  if (error instanceof CommanderError) return reportUsage(error, argv, stderr);
  if (error instanceof Refusal) {
    await stderr.write(errorText(error.message, error.help));
    return EXIT.refused;
  }
  await stderr.write(bugText(error));
  return EXIT.bug;
}

/** What commander refuses, in the manner of the house: one line, backticks, and what to do as help. */
async function reportUsage(error: CommanderError, argv: readonly string[], stderr: Output): Promise<ExitCode> {
  if (error.exitCode === 0) return EXIT.ok;
  if (error.code === 'commander.help') return EXIT.refused;
  const [first = '', suggestion] = error.message.split('\n');
  const message = first
    .replace(/^error: /, '')
    .replace(/\.$/, '')
    .replace(/\. (.)/, (_, letter: string) => `: ${letter.toLowerCase()}`)
    .replace(/'([^']*)'/g, '`$1`');
  await stderr.write(
    errorText(message, suggestion === undefined ? whereToLook(argv, error.code) : suggested(suggestion)),
  );
  return EXIT.refused;
}

/** `(Did you mean one of init, lint?)` */
function suggested(text: string): string {
  const names = text.replace(/^\(Did you mean (one of )?/, '').replace(/\?\)$/, '');
  return `did you mean ${names.split(', ').join('` or `').replace(/^|$/g, '`')}?`;
}

function whereToLook(argv: readonly string[], code: string): string {
  const command = commands.find(({ name }) => argv.includes(name));
  if (command === undefined) return '`flagstaff --help` lists what there is';
  const isBare = code === 'commander.excessArguments' && !('commands' in command) && command.arguments === undefined;
  const directory = isBare ? 'the flag repository is named with `-C DIR`; ' : '';
  return `${directory}\`flagstaff ${command.name} --help\` tells how`;
}

function errorText(message: string, help: string | undefined): string {
  return help === undefined ? `error: ${message}\n` : `error: ${message}\nhelp: ${help}\n`;
}

/** What is said of an error that nobody foresaw. */
export function bugText(error: unknown): string {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `error: this is a bug in flagstaff, please report it with what follows\n${stack}\n`;
}
