import { Refusal } from '../../diagnostics/refusal.js';
import { didYouMean } from '../../diagnostics/suggest.js';
import { BEHAVIOUR_KEYS } from '../../project/behaviour.js';
import type { Project } from '../../project/project.js';
import { flagJson, flagYaml } from '../../report/flag-shown.js';
import type { GlobalOptions } from '../command.js';
import { compileRepository, definitionsOf } from '../compiled.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import type { Terminal } from '../terminal.js';

export interface ShowOptions extends GlobalOptions {
  readonly flag: string;
  readonly env?: string;
  readonly format: 'yaml' | 'json';
}

export async function runShow(options: ShowOptions, terminal: Terminal): Promise<ExitCode> {
  const repository = await compileRepository(options, terminal);
  if (repository === undefined) return EXIT.findings;
  const { snapshot, project } = repository;
  const { environment, flags } = definitionsOf(snapshot, options.env);
  const flag = flags.find(({ key }) => key === options.flag);
  if (flag === undefined) throw unknownFlag(options.flag, project);
  const shown = { environment, flag, ...originsOf(project, flag.key, environment) };
  const { colour } = terminal.stdout;
  await terminal.stdout.write(options.format === 'json' ? flagJson(shown) : flagYaml(shown, { colour }));
  return EXIT.ok;
}

function unknownFlag(key: string, { flags }: Project): Refusal {
  const help = didYouMean(key, flags.keys()) ?? '`flagstaff list` lists the flags';
  return new Refusal('not-found', `there is no flag \`${key}\``, { help });
}

/** The file that defines the flag, and the place that gives each key of what it does. */
function originsOf(project: Project, key: string, environment: string): { file: string; from: Record<string, string> } {
  const parts = project.partsOf.get(key) ?? [];
  const told = project.protectedEnvironments.has(environment)
    ? []
    : parts.filter((part) => part.environment === undefined);
  const inOrder = [...told, ...parts.filter((part) => part.environment === environment)];
  const from: Record<string, string> = {};
  for (const { behaviour, file, pointer } of inOrder) {
    const place = pointer === '' ? file : `${file}#${pointer}`;
    for (const name of BEHAVIOUR_KEYS) if (behaviour[name] !== undefined) from[name] = place;
  }
  return { file: parts[0]?.file ?? '', from };
}
