import { Option } from 'commander';
import type { CommandDefinition } from './command.js';
import type { ServeCommandOptions } from './commands/serve.js';
import { formatOption } from './options.js';
import { CONFIG_VARIABLE, everySetting, flagOf, keyOf } from './serve/names.js';
import type { Setting, SettingName } from './serve/settings.js';

/** An option for each setting that the command line may give; the values of a list are gathered. */
function settingOptions(): Option[] {
  return everySetting().flatMap(([name, setting]) => {
    const flag = flagOf(name);
    return flag?.startsWith('--') ? optionsFor(name, flag, setting) : [];
  });
}

/** What is on or off can be turned off again, where a file or a variable has turned it on. */
function optionsFor(name: SettingName, flag: string, { kind, short, ...setting }: Setting<unknown>): Option[] {
  const words = [...(short === undefined ? [] : [`${short},`]), flag, kind.argument ?? ''];
  const option = new Option(words.join(' ').trim(), `${setting.help}${defaultText({ kind, ...setting })}`);
  if (kind.argument === undefined) return [option, new Option(`--no-${keyOf(name).replaceAll('_', '-')}`).hideHelp()];
  return [option.argParser((text: string, before: unknown) => gathered(kind.fromText(text), before))];
}

function gathered(value: unknown, before: unknown): unknown {
  return Array.isArray(value) && Array.isArray(before) ? [...before, ...value] : value;
}

function defaultText({ kind, initial, otherwise }: Setting<unknown>): string {
  if (otherwise !== undefined) return ` (default: ${otherwise})`;
  const isSaid = (typeof initial === 'number' || typeof initial === 'string') && kind.argument !== undefined;
  return isSaid ? ` (default: ${kind.toData(initial)})` : '';
}

export const serveCommand: CommandDefinition = {
  name: 'serve',
  arguments: '[DIR]',
  summary: 'serve flags over HTTP',
  details: [
    'Serves evaluations (OFREP and plain JSON) and definitions, and follows the flags as they change.',
    'A state that does not pass the gate is refused: the last good one stays. Without keys only this machine may ask.',
    'Each option may also be a variable (--max-streams: FLAGSTAFF_MAX_STREAMS) or a line of a file (max_streams: 100).',
    'The command line counts before the environment, and that before the file.',
    'What git hosts and peers sign with is no option: FLAGSTAFF_HOOK_SECRET.',
  ].join('\n'),
  options: [
    ...settingOptions(),
    new Option(
      '--config <FILE>',
      `read what is not said elsewhere from this YAML or JSON file (or ${CONFIG_VARIABLE})`,
    ),
    new Option('--print-config', 'print what would count, and where each value comes from, and serve nothing'),
    formatOption(['text', 'json'], 'how to print it'),
  ],
  examples: [
    ['flagstaff serve', 'serve the repository around here on http://127.0.0.1:7700'],
    ['flagstaff serve --source git --ref main --remote origin', 'serve what is on a branch, and follow it'],
    ['flagstaff serve --config serve.yaml --print-config', 'see what a server would do, and why'],
  ],
  run: async (options: ServeCommandOptions, terminal) =>
    (await import('./commands/serve.js')).runServe(options, terminal),
};
