import { join } from 'node:path';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { Refusal } from '../diagnostics/refusal.js';
import { summarize } from '../diagnostics/report.js';
import { type Delta, deltaOf } from '../diff/delta.js';
import { lint } from '../lint/lint.js';
import { compile } from '../project/compile.js';
import type { Project } from '../project/project.js';
import { changesText } from '../report/changes-text.js';
import { textDiff } from '../report/text-diff.js';
import type { FileChange } from '../write/change.js';
import { messageWords } from '../write/change-words.js';
import { commitFile } from '../write/commit.js';
import { userGit } from '../write/git.js';
import { commitMessage } from '../write/message.js';
import { type Plan, plan } from '../write/plan.js';
import { addedProblems } from '../write/problems.js';
import { save, unsave } from '../write/save.js';
import type { GlobalOptions } from './command.js';
import { textFor } from './compiled.js';
import { EXIT, type ExitCode } from './exit-code.js';
import { type Repository, readRepository, shownPath } from './repository.js';
import { note, type Terminal } from './terminal.js';

/** What every command takes that changes files. */
export interface ChangeOptions extends GlobalOptions {
  readonly reason?: string;
  readonly dryRun?: boolean;
  readonly commit?: boolean;
  /** Begin this branch and commit there. */
  readonly branch?: string;
}

/**
 * Changes one file of the flag repository around here. A change after which the repository would have more errors
 * is refused, with the errors, and nothing is written.
 *
 * @param key the flag or segment that changes
 * @param request what the file is to say; it may refuse
 */
export async function runChange(
  key: string,
  options: ChangeOptions,
  terminal: Terminal,
  request: (project: Project) => FileChange,
): Promise<ExitCode> {
  refuseIdleReason(options);
  const repository = await readRepository(options, terminal);
  const { project, diagnostics } = compile(repository.files);
  if (project === undefined) return tellProblems(repository, diagnostics, terminal);
  const planned = plan(repository.files, request(project));
  if (planned === undefined) {
    await note(terminal, `nothing to change: \`${key}\` is so already`);
    return EXIT.ok;
  }
  const changed = { ...repository, files: planned.files };
  const added = addedBy(repository, changed, terminal.now());
  const errors = added.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) return refuseChange(changed, errors, terminal);
  if (added.length > 0) await tellProblems(changed, added, terminal);
  const delta = deltaBetween(repository, changed, terminal.now());
  await act({ options, planned, delta, repository, message: messageFor(key, options, delta, project) }, terminal);
  return EXIT.ok;
}

function refuseIdleReason({ reason, commit, branch, dryRun }: ChangeOptions): void {
  if (reason === undefined || commit || branch !== undefined || dryRun) return;
  throw new Refusal('invalid-argument', 'a reason is kept in a commit', { help: 'add `--commit`, or `--branch NAME`' });
}

function addedBy(before: Repository, after: Repository, now: number) {
  return addedProblems(lint(before.files, { now }).diagnostics, lint(after.files, { now }).diagnostics);
}

type Diagnostics = readonly Diagnostic[];

async function tellProblems(repository: Repository, diagnostics: Diagnostics, terminal: Terminal): Promise<ExitCode> {
  const report = { diagnostics, summary: summarize(diagnostics, repository.files.length) };
  await terminal.stderr.write(textFor(report, repository, terminal, terminal.stderr));
  return EXIT.findings;
}

async function refuseChange(changed: Repository, errors: Diagnostics, terminal: Terminal): Promise<ExitCode> {
  await tellProblems(changed, errors, terminal);
  await terminal.stderr.write('error: refused: this is what would be wrong then; nothing was written\n');
  return EXIT.findings;
}

/** `undefined` while something else keeps the repository from being served. */
function deltaBetween(before: Repository, after: Repository, now: number): Delta | undefined {
  const [old, current] = [compile(before.files).snapshot, compile(after.files).snapshot];
  if (old === undefined || current === undefined) return undefined;
  return deltaOf(old, current, { from: 'before', to: 'after', now });
}

function messageFor(key: string, { reason }: ChangeOptions, delta: Delta | undefined, project: Project): string {
  return commitMessage(key, delta === undefined ? [] : messageWords(delta, key, project), reason);
}

interface Act {
  readonly options: ChangeOptions;
  readonly planned: Plan;
  readonly delta: Delta | undefined;
  readonly repository: Repository;
  readonly message: string;
}

async function act({ options, planned, delta, repository, message }: Act, terminal: Terminal): Promise<void> {
  const { stdout } = terminal;
  const shown = shownPath(terminal, repository)(planned.path);
  const commits = options.commit === true || options.branch !== undefined;
  if (options.dryRun) await stdout.write(`${textDiff({ ...planned, path: shown }, stdout)}\n`);
  const done = options.dryRun ? undefined : await write({ options, planned, repository, commits, message }, terminal);
  if (delta !== undefined) await stdout.write(changesText(delta, stdout));
  if (options.dryRun && commits) await stdout.write(`\n${message}`);
  await note(terminal, done === undefined ? 'nothing was written: this was a dry run' : `${done} ${shown}`);
}

interface Writing extends Pick<Act, 'options' | 'planned' | 'repository' | 'message'> {
  readonly commits: boolean;
}

async function write({ options, planned, repository, commits, message }: Writing, { env }: Terminal): Promise<string> {
  const { path, before, after } = planned;
  const file = join(repository.root, path);
  if (!commits) {
    await save(file, before, after);
    return 'wrote';
  }
  const commit = await commitFile(userGit(repository.root, env), {
    directory: repository.root,
    path,
    isNew: before === undefined,
    message,
    ...(options.branch === undefined ? {} : { branch: options.branch }),
    save: () => save(file, before, after),
    unsave: () => unsave(file, before, after),
  });
  return `committed ${commit}:`;
}
