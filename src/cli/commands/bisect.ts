import { Refusal } from '../../diagnostics/refusal.js';
import { newestPassing, type Passing } from '../../history/as-of.js';
import { answerIn, bisect, isSameAnswer, type NoVerdict, type Question, type Verdict } from '../../history/bisect.js';
import { findObjects } from '../../history/find.js';
import { flagsAt } from '../../history/place.js';
import { tableAt } from '../../history/steps.js';
import { bisectJson, noVerdictJson } from '../../report/bisect-json.js';
import { bisectText, noVerdictText } from '../../report/bisect-text.js';
import { type Repository, withRepository } from '../../sources/git.js';
import type { GlobalOptions } from '../command.js';
import { short } from '../committed-flags.js';
import { definitionsOf } from '../compiled.js';
import { type ContextOptions, readContext } from '../context-input.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import { findHistory } from '../repository.js';
import { tellCutOff } from '../shallow.js';
import { note, type Terminal } from '../terminal.js';

export interface BisectOptions extends GlobalOptions, ContextOptions {
  readonly flag: string;
  /** A revision at which the answer was another one. */
  readonly good?: string;
  /** A revision with the answer in question; `HEAD` if left out. */
  readonly bad?: string;
  readonly env?: string;
  /** milliseconds since 1970 */
  readonly now?: number;
  readonly format: 'text' | 'json';
}

export async function runBisect(options: BisectOptions, terminal: Terminal): Promise<ExitCode> {
  const root = await findHistory(options, terminal);
  return withRepository(root, terminal.env, async (repository) => {
    const bad = await passingAt(repository, options.bad ?? 'HEAD', terminal);
    definitionsOf(bad.snapshot, options.env);
    await refuseUnknownFlag(repository, bad, options.flag);
    const question = await questionFor(options, bad, terminal);
    const until =
      options.good === undefined ? undefined : await readGood(repository, options.good, bad, question, terminal);
    const place = await flagsAt(repository, bad.commit);
    const verdict = await bisect(place, bad, question, until);
    return 'commit' in verdict ? tell(verdict, repository, options, terminal) : tellNone(verdict, options, terminal);
  });
}

/** The revision, or the newest one before it, whose flags pass the gate. */
async function passingAt(repository: Repository, revision: string, terminal: Terminal): Promise<Passing> {
  const commit = await repository.resolve(revision);
  const passing = await newestPassing(await flagsAt(repository, commit), commit);
  if (passing === undefined) {
    throw new Refusal('not-found', `neither \`${revision}\` nor any commit before it has flags that pass the gate`);
  }
  if (passing.commit !== commit) {
    await note(terminal, `note: \`${revision}\` does not pass the gate: ${short(passing.commit)} counts in its place`);
  }
  return passing;
}

async function refuseUnknownFlag(repository: Repository, { commit, snapshot }: Passing, flag: string): Promise<void> {
  const [definitions] = snapshot.definitions.values();
  if (definitions?.flags.some(({ key }) => key === flag)) return;
  const place = await flagsAt(repository, commit);
  await findObjects(place, await tableAt(place, commit), commit, flag);
}

async function questionFor(options: BisectOptions, { snapshot }: Passing, terminal: Terminal): Promise<Question> {
  const { flag, env, now } = options;
  const context = await readContext(options, snapshot.settings, terminal);
  return { flag, context, now: now ?? terminal.now(), ...(env === undefined ? {} : { environment: env }) };
}

/** @returns the commit to stop at */
async function readGood(
  repository: Repository,
  revision: string,
  bad: Passing,
  question: Question,
  terminal: Terminal,
): Promise<string> {
  const good = await passingAt(repository, revision, terminal);
  if (!(await repository.isAncestor(good.commit, bad.commit))) {
    throw new Refusal('invalid-argument', `\`${revision}\` is not among the commits before ${short(bad.commit)}`, {
      help: '`--good` names the older of the two',
    });
  }
  if (isSameAnswer(answerIn(good.snapshot, question), answerIn(bad.snapshot, question))) {
    throw new Refusal('invalid-argument', `the answer is the same at \`${revision}\` and at ${short(bad.commit)}`, {
      help: '`flagstaff eval --ref REV` shows the answer at a revision',
    });
  }
  return good.commit;
}

async function tell(
  verdict: Verdict,
  repository: Repository,
  { format }: BisectOptions,
  { stdout }: Terminal,
): Promise<ExitCode> {
  const { oid } = verdict.commit;
  const signature = (await repository.signatures([oid])).get(oid) ?? 'unknown';
  const { colour } = stdout;
  await stdout.write(format === 'json' ? bisectJson(verdict, signature) : bisectText(verdict, signature, { colour }));
  return EXIT.ok;
}

async function tellNone(verdict: NoVerdict, { format }: BisectOptions, terminal: Terminal): Promise<ExitCode> {
  const { stdout } = terminal;
  await stdout.write(format === 'json' ? noVerdictJson(verdict) : noVerdictText(verdict, { colour: stdout.colour }));
  if (verdict.cutOffAt !== undefined) await tellCutOff(verdict.cutOffAt, terminal);
  return EXIT.findings;
}
