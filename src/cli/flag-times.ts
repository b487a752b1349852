import { Refusal } from '../diagnostics/refusal.js';
import { type FlagAges, flagAges } from '../history/ages.js';
import { flagsAt } from '../history/place.js';
import { type Uncommitted, uncommittedFlags } from '../history/uncommitted.js';
import type { FlagHistory } from '../lifecycle/gather.js';
import { horizonOf } from '../lifecycle/state.js';
import { grouped } from '../report/evaluation-summary.js';
import { withRepository } from '../sources/git.js';
import type { CompiledRepository } from './compiled.js';
import type { Progress } from './progress.js';
import { note, type Terminal } from './terminal.js';

const DAY = 86_400_000;

/** The history of the flags, as far back as it matters. Without git the age of a flag is not known, and nobody guesses. */
export async function readTimes(
  repository: CompiledRepository,
  now: number,
  terminal: Terminal,
  progress: Progress,
): Promise<FlagHistory | undefined> {
  try {
    const { ages, uncommitted } = await readAges(repository, now, terminal, progress);
    if (ages.cutOffAt !== undefined) {
      await progress.clear();
      await note(
        terminal,
        `note: a shallow clone hides what happened before ${ages.cutOffAt.slice(0, 12)}: older ages are not known`,
      );
    }
    return historyOf(ages, uncommitted, now);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    await progress.clear();
    await note(terminal, `note: how old the flags are is not known: ${error.message}`);
    return undefined;
  }
}

async function readAges(
  { root, files, snapshot, readings }: CompiledRepository,
  now: number,
  { env }: Terminal,
  progress: Progress,
) {
  let commits = 0;
  const passed = () => progress.show(`${grouped(++commits)} commits of flags`);
  const { environments } = snapshot.settings;
  const since = now - horizonOf(snapshot.settings) * DAY;
  return withRepository(root, env, async (opened) => {
    const from = await opened.resolve('HEAD');
    const repository = await flagsAt(opened, from);
    const [ages, uncommitted] = [
      await flagAges(repository, from, { since, environments, readings, passed }),
      await uncommittedFlags(repository, from, files),
    ];
    return { ages, uncommitted };
  });
}

/** What is not committed yet happened just now. */
function historyOf({ flags, everyFlag, since }: FlagAges, uncommitted: Uncommitted, now: number): FlagHistory {
  return {
    since,
    created: (key) => (uncommitted.created.has(key) ? now : flags.get(key)?.created),
    changed: (key, environment) => {
      if (uncommitted.changed.has(key)) return now;
      return latest(flags.get(key)?.changed.get(environment), everyFlag.get(environment));
    },
  };
}

function latest(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? (one ?? other) : Math.max(one, other);
}
