import { type Asker, askersOf } from '../../lifecycle/askers.js';
import { gather } from '../../lifecycle/gather.js';
import type { Snapshot } from '../../model/snapshot.js';
import { compile } from '../../project/compile.js';
import { inPlaceWords, stillAskedText } from '../../report/lifecycle-archive.js';
import { locate } from '../../syntax/locate.js';
import { changeFlag } from '../../write/flag-part.js';
import { archive } from '../../write/objects.js';
import { type ChangeOptions, runChange } from '../change.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import { type Repository, readRepository, shownPath } from '../repository.js';
import { note, type Terminal } from '../terminal.js';

export interface ArchiveOptions extends ChangeOptions {
  readonly flag: string;
}

/** Refuses while others ask for the flag; else says what code may put in the place of the question. */
export async function runArchive(options: ArchiveOptions, terminal: Terminal): Promise<ExitCode> {
  const { flag } = options;
  const repository = await readRepository(options, terminal);
  const { project, snapshot } = compile(repository.files);
  const askers = project === undefined ? [] : askersOf(project, flag);
  if (askers.length > 0) return refuse(flag, askers, repository, terminal);
  const exit = await runChange(flag, options, terminal, (now) => changeFlag(now, flag, archive));
  const words = exit === EXIT.ok && snapshot !== undefined ? adviceOf(flag, snapshot, terminal.now()) : undefined;
  if (words !== undefined) await note(terminal, words);
  return exit;
}

async function refuse(
  flag: string,
  askers: readonly Asker[],
  repository: Repository,
  terminal: Terminal,
): Promise<ExitCode> {
  const shown = shownPath(terminal, repository);
  const places = askers.map(({ noun, key, file, pointer }) => {
    const source = repository.files.find(({ path }) => path === file);
    const at = source === undefined ? '' : `:${locate(source, pointer).start.line}`;
    return { noun, key, place: `${shown(file)}${at}` };
  });
  await terminal.stderr.write(stillAskedText(flag, places));
  return EXIT.findings;
}

/** `undefined` of a flag that had been archived before. */
function adviceOf(key: string, snapshot: Snapshot, now: number): string | undefined {
  const { definitions, settings } = snapshot;
  const flag = definitions.get(settings.defaultEnvironment)?.flags.find((one) => one.key === key);
  const evidence = gather(snapshot, { now }).get(key);
  if (flag === undefined || evidence === undefined || evidence.archived) return undefined;
  return inPlaceWords(evidence, flag.variants);
}
