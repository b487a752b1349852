import { Refusal } from '../../diagnostics/refusal.js';
import { didYouMean } from '../../diagnostics/suggest.js';
import { type Delta, deltaOf } from '../../diff/delta.js';
import type { Snapshot } from '../../model/snapshot.js';
import type { ReadingCache } from '../../project/read-file.js';
import { changesJson } from '../../report/changes-json.js';
import { changesMarkdown } from '../../report/changes-markdown.js';
import { changesText } from '../../report/changes-text.js';
import { type Repository as GitRepository, withRepository } from '../../sources/git.js';
import type { GlobalOptions } from '../command.js';
import { listed } from '../compiled.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import { type GivenPopulation, readPopulation } from '../population.js';
import { findRepository } from '../repository.js';
import { compileSide, revisionSide, type Side, workingTree } from '../sides.js';
import type { Terminal } from '../terminal.js';

export interface DiffOptions extends GlobalOptions {
  /** A revision, or `A...B`: since the two parted. `HEAD` if left out. */
  readonly a?: string;
  /** A revision; the working tree if left out. */
  readonly b?: string;
  readonly env?: string;
  readonly impact?: boolean;
  readonly contexts?: string;
  readonly exitCode?: boolean;
  /** milliseconds since 1970 */
  readonly now?: number;
  readonly format: 'text' | 'json' | 'markdown';
}

export async function runDiff(options: DiffOptions, terminal: Terminal): Promise<ExitCode> {
  const root = await findRepository(options, terminal);
  const sides = await withRepository(root, terminal.env, (git) => readSides(options, git, root, terminal));
  const cache: ReadingCache = new Map();
  const before = await compileSide(sides.before, terminal, cache);
  const after = await compileSide(sides.after, terminal, cache);
  if (before === undefined || after === undefined) return EXIT.findings;
  refuseUnknownEnvironment(options.env, [before, after]);
  const population = await populationFor(options, after, root, terminal);
  const delta = deltaOf(before, after, {
    from: sides.before.name,
    to: sides.after.name,
    now: options.now ?? terminal.now(),
    ...(options.env === undefined ? {} : { environments: new Set([options.env]) }),
    ...(wantsImpact(options) ? { impact: population ? { contexts: population } : {} } : {}),
  });
  await terminal.stdout.write(printed(delta, options.format, terminal));
  return exitCode(delta, options, population);
}

interface Sides {
  readonly before: Side;
  readonly after: Side;
}

async function readSides(options: DiffOptions, git: GitRepository, root: string, terminal: Terminal): Promise<Sides> {
  const { from, to, sinceParted } = namesOf(options);
  const [old, current] = await Promise.all([git.resolve(from), to === undefined ? undefined : git.resolve(to)]);
  const base = sinceParted && current !== undefined ? await git.mergeBase(old, current) : old;
  return {
    before: await revisionSide(git, base === old ? from : base.slice(0, 12), base),
    after:
      to !== undefined && current !== undefined
        ? await revisionSide(git, to, current)
        : await workingTree(root, terminal),
  };
}

/** `A...B` means what it means to git: from where the two parted to B, with `HEAD` for what is left out. */
function namesOf({ a = 'HEAD', b }: DiffOptions): { from: string; to: string | undefined; sinceParted: boolean } {
  const at = a.indexOf('...');
  if (at < 0) return { from: a, to: b, sinceParted: false };
  if (b !== undefined) throw new Refusal('invalid-argument', `\`${a}\` names two revisions, and \`${b}\` is a third`);
  return { from: a.slice(0, at) || 'HEAD', to: a.slice(at + 3) || 'HEAD', sinceParted: true };
}

function refuseUnknownEnvironment(wanted: string | undefined, sides: readonly Snapshot[]): void {
  const known = [...new Set(sides.flatMap(({ settings }) => settings.environments))];
  if (wanted === undefined || known.includes(wanted)) return;
  throw new Refusal('not-found', `there is no environment \`${wanted}\``, {
    help: didYouMean(wanted, known) ?? `the environments are ${listed(known)}`,
  });
}

function wantsImpact({ impact, contexts }: DiffOptions): boolean {
  return impact === true || contexts !== undefined;
}

async function populationFor(
  options: DiffOptions,
  after: Snapshot,
  root: string,
  terminal: Terminal,
): Promise<GivenPopulation | undefined> {
  return wantsImpact(options) ? readPopulation(options.contexts, after.settings, root, terminal) : undefined;
}

function printed(delta: Delta, format: DiffOptions['format'], { stdout }: Terminal): string {
  switch (format) {
    case 'text':
      return changesText(delta, { colour: stdout.colour });
    case 'json':
      return changesJson(delta);
    case 'markdown':
      return changesMarkdown(delta);
  }
}

function exitCode(delta: Delta, { exitCode }: DiffOptions, population: GivenPopulation | undefined): ExitCode {
  const changed = exitCode === true && delta.changes.length > 0;
  return changed || (population?.badLines ?? 0) > 0 ? EXIT.findings : EXIT.ok;
}
