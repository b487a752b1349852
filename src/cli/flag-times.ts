import { Refusal } from '../diagnostics/refusal.js';
import { historyOf, readAges } from '../history/flag-history.js';
import type { FlagHistory } from '../lifecycle/gather.js';
import { pastThatMatters } from '../lifecycle/state.js';
import { grouped } from '../report/evaluation-summary.js';
import type { CompiledRepository } from './compiled.js';
import type { Progress } from './progress.js';
import { note, type Terminal } from './terminal.js';

/** The history of the flags, as far back as it matters. Without git the age of a flag is not known, and nobody guesses. */
export async function readTimes(
  { root, files, snapshot, readings }: CompiledRepository,
  now: number,
  terminal: Terminal,
  progress: Progress,
): Promise<FlagHistory | undefined> {
  let commits = 0;
  const passed = () => progress.show(`${grouped(++commits)} commits of flags`);
  const options = { ...pastThatMatters(snapshot.settings, now), files, readings, passed };
  try {
    const ages = await readAges(root, terminal.env, options);
    if (ages.cutOffAt !== undefined) {
      await progress.clear();
      await note(
        terminal,
        `note: a shallow clone hides what happened before ${ages.cutOffAt.slice(0, 12)}: older ages are not known`,
      );
    }
    return historyOf(ages, now);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    await progress.clear();
    await note(terminal, `note: how old the flags are is not known: ${error.message}`);
    return undefined;
  }
}
