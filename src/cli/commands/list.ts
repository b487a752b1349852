import type { Flag } from '../../model/flag.js';
import type { Snapshot } from '../../model/snapshot.js';
import { flagListJson, flagListText, type ListedFlag } from '../../report/flag-list.js';
import { flagWords } from '../../report/flag-words.js';
import type { GlobalOptions } from '../command.js';
import { compileRepository, definitionsOf } from '../compiled.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import { note, type Terminal } from '../terminal.js';

export interface ListOptions extends GlobalOptions {
  /** A flag must have all of them. */
  readonly tag?: readonly string[];
  readonly owner?: string;
  readonly state?: Flag['state'];
  readonly env?: string;
  /** milliseconds since 1970 */
  readonly now?: number;
  readonly format: 'text' | 'json';
}

export async function runList(options: ListOptions, terminal: Terminal): Promise<ExitCode> {
  const repository = await compileRepository(options, terminal);
  if (repository === undefined) return EXIT.findings;
  const { snapshot } = repository;
  const environments = options.env === undefined ? snapshot.settings.environments : [options.env];
  const { flags } = definitionsOf(snapshot, options.env);
  const words = wordsIn(snapshot, environments, options.now ?? terminal.now());
  const listed = flags.filter((flag) => isWanted(flag, options)).map((flag) => entry(flag, snapshot, words(flag.key)));
  if (options.format === 'json') await terminal.stdout.write(flagListJson(listed));
  else if (listed.length === 0) await note(terminal, 'no flags');
  else await terminal.stdout.write(flagListText(listed, { environments, colour: terminal.stdout.colour }));
  return EXIT.ok;
}

function isWanted(flag: Flag, { tag = [], owner, state }: ListOptions): boolean {
  return (
    tag.every((one) => flag.tags.includes(one)) &&
    (owner === undefined || flag.owner === owner) &&
    (state === undefined || flag.state === state)
  );
}

function entry(flag: Flag, snapshot: Snapshot, environments: ListedFlag['environments']): ListedFlag {
  const { key, type, state, description, owner, tags, purpose } = flag;
  return {
    key,
    type,
    state,
    ...(description === undefined ? {} : { description }),
    ...(owner === undefined ? {} : { owner }),
    tags,
    ...(purpose === undefined ? {} : { purpose }),
    file: snapshot.files.get(`flag:${key}`) ?? '',
    environments,
  };
}

/** What a flag does in each of these environments. */
function wordsIn(snapshot: Snapshot, environments: readonly string[], now: number) {
  const columns = environments.map((environment) => {
    const flags = snapshot.definitions.get(environment)?.flags ?? [];
    return [environment, new Map(flags.map((flag) => [flag.key, flagWords(flag, now)]))] as const;
  });
  return (key: string): ListedFlag['environments'] =>
    Object.fromEntries(columns.map(([environment, words]) => [environment, words.get(key) ?? '']));
}
