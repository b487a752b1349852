import { diagnose } from '../../lifecycle/diagnose.js';
import { type EvaluationCounts, evaluationCounts, together } from '../../lifecycle/evaluation-counts.js';
import { isDue, type LifecycleEntry, lifecycle, withRemovals } from '../../lifecycle/stale.js';
import { isOutOfCode, type StaleState } from '../../lifecycle/state.js';
import { diagnosticsGithub } from '../../report/diagnostics-github.js';
import { diagnosticsSarif } from '../../report/diagnostics-sarif.js';
import { lifecycleJson } from '../../report/lifecycle-json.js';
import { lifecycleMarkdown } from '../../report/lifecycle-markdown.js';
import { lifecycleText } from '../../report/lifecycle-text.js';
import { counted } from '../../report/lifecycle-words.js';
import { askServer, notOurs } from '../ask-server.js';
import { removalsOf } from '../code-removals.js';
import { refuseNoDirectory, scanCode } from '../code-scan.js';
import type { GlobalOptions } from '../command.js';
import { type CompiledRepository, compileRepository } from '../compiled.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import { readTimes } from '../flag-times.js';
import { Progress } from '../progress.js';
import { shownPath } from '../repository.js';
import { note, type Terminal } from '../terminal.js';
import { packageVersion } from '../version.js';

export interface StaleOptions extends GlobalOptions {
  /** Directories of applications. */
  readonly code?: readonly string[];
  /** Servers that count evaluations. */
  readonly server?: readonly string[];
  readonly owner?: string;
  readonly all?: boolean;
  readonly failOn?: readonly StaleState[];
  readonly maxStale?: number;
  /** milliseconds since 1970 */
  readonly now?: number;
  readonly format: 'text' | 'json' | 'markdown' | 'sarif' | 'github';
}

export async function runStale(options: StaleOptions, terminal: Terminal): Promise<ExitCode> {
  refuseNoDirectory(options.code ?? [], terminal);
  const repository = await compileRepository(options, terminal);
  if (repository === undefined) return EXIT.findings;
  const progress = new Progress(terminal, { beside: false });
  const all = await findEntries(options, repository, terminal, progress);
  await progress.clear();
  const mine = all.filter(({ owner }) => options.owner === undefined || owner === options.owner);
  const due = mine.filter(isDue);
  await print(options.all ? mine : due, repository, options, terminal);
  if (options.format === 'text') await note(terminal, summaryWords(mine, due.length));
  return isTooMuch(due, options) ? EXIT.findings : EXIT.ok;
}

async function findEntries(
  options: StaleOptions,
  repository: CompiledRepository,
  terminal: Terminal,
  progress: Progress,
): Promise<LifecycleEntry[]> {
  const { snapshot, root } = repository;
  const now = options.now ?? terminal.now();
  const times = await readTimes(repository, now, terminal, progress);
  const code = options.code && (await scanCode(repository, options.code, terminal, progress));
  const evaluations = options.server && (await countEvaluations(options.server, terminal));
  const facts = {
    now,
    ...(times && { times }),
    ...(code && { references: code.references }),
    ...(evaluations && { evaluations }),
  };
  const entries = lifecycle(snapshot, facts, code?.asked);
  if (code === undefined) return entries;
  const gone = entries.filter(({ evidence }) => isOutOfCode(evidence)).map(({ flag }) => flag);
  const seen = { wanted: code.wanted, now, root };
  const { byKey, hidden } = await removalsOf(gone, options.code ?? [], seen, terminal, progress);
  return withRemovals(entries, byKey, hidden, snapshot);
}

const HELP = 'start one with `flagstaff serve`, or name another with `--server URL`';

async function countEvaluations(urls: readonly string[], terminal: Terminal): Promise<EvaluationCounts> {
  const all = await Promise.all(
    urls.map(async (url) => {
      const counts = evaluationCounts(await askServer(url, '/metrics', terminal.env, HELP));
      if (counts === undefined) throw notOurs(url);
      return counts;
    }),
  );
  const sum = together(all);
  if (sum.unknown > 0)
    await note(
      terminal,
      `note: ${counted(sum.unknown, 'evaluation')} of flags that are not there; servers keep no such names`,
    );
  return sum;
}

async function print(
  entries: readonly LifecycleEntry[],
  repository: CompiledRepository,
  { format }: StaleOptions,
  terminal: Terminal,
): Promise<void> {
  await terminal.stdout.write(await printed(entries, repository, format, terminal));
}

function summaryWords(entries: readonly LifecycleEntry[], due: number): string {
  if (due > 0) return `\n${counted(due, 'flag')} ${due === 1 ? 'asks' : 'ask'} for something to be done`;
  const ageless = entries.filter(
    ({ state, evidence }) => state !== 'zombie' && evidence.unchanged === undefined,
  ).length;
  if (ageless === 0) return 'no flag has outlived its use';
  return `no flag is known to have outlived its use; how old ${counted(ageless, 'flag')} ${ageless === 1 ? 'is' : 'are'} is not known`;
}

async function printed(
  entries: readonly LifecycleEntry[],
  repository: CompiledRepository,
  format: StaleOptions['format'],
  terminal: Terminal,
): Promise<string> {
  const places = pathIn(repository, terminal);
  switch (format) {
    case 'text':
      return lifecycleText(entries, terminal.stdout);
    case 'json':
      return lifecycleJson(entries);
    case 'markdown':
      return lifecycleMarkdown(entries);
    case 'sarif':
      return diagnosticsSarif(diagnose(entries, repository), { shownPath: places, version: await packageVersion() });
    case 'github':
      return diagnosticsGithub(diagnose(entries, repository), places);
  }
}

/** Files of code are named as seen from here already. */
function pathIn(repository: CompiledRepository, terminal: Terminal): (file: string) => string {
  const own = new Set(repository.files.map(({ path }) => path));
  const shown = shownPath(terminal, repository);
  return (file) => (own.has(file) ? shown(file) : file);
}

function isTooMuch(due: readonly LifecycleEntry[], { failOn = [], maxStale }: StaleOptions): boolean {
  return (
    due.length > (maxStale ?? Number.POSITIVE_INFINITY) || due.some(({ state }) => failOn.some((one) => one === state))
  );
}
