import { setImmediate as turn } from 'node:timers/promises';
import { Refusal } from '../../diagnostics/refusal.js';
import { deltaOf } from '../../diff/delta.js';
import type { Compilation } from '../../project/compile.js';
import type { Project } from '../../project/project.js';
import type { SourceFile } from '../../syntax/source-file.js';
import { messageWords } from '../../write/change-words.js';
import { commitMessage } from '../../write/message.js';
import type { FileEdit, WritePlan, WriteState } from '../../write/writer.js';
import type { Principal } from '../access/principal.js';
import type { Compiled, Compiler } from '../compiler.js';
import { Problem } from '../problem.js';
import { addedBlocks, addedErrors } from './added.js';
import { type Applied, applyChange } from './apply.js';
import type { Change } from './change.js';
import { edited } from './edits.js';
import { refuseForeignEnvironments } from './environments.js';
import { refuseAdded } from './gate.js';
import { refuseLiveSlots } from './slots.js';

export interface Planning {
  readonly compiler: Compiler;
  readonly principal: Principal;
  /** milliseconds since 1970 */
  readonly now: number;
  /** Nothing may stop it but what would keep the flags from being served. */
  readonly urgent?: boolean;
}

/** A write as it would be on one state of the branch. */
export interface Draft {
  readonly applied: readonly Applied[];
  /** `undefined`: there is nothing to change. */
  readonly plan: WritePlan | undefined;
}

/**
 * Does the changes one after the other and looks at the result as a whole.
 * @throws Problem when one of them cannot be done, or the result has problems that were not there before
 */
export async function draft({ files }: WriteState, changes: readonly Change[], planning: Planning): Promise<Draft> {
  const { compiler, now } = planning;
  const before = await compiler.compile(files);
  const { applied, after: filesAfter } = await applyAll(before, changes, compiler);
  const edits = wholeEdits(files, filesAfter, applied);
  if (edits.length === 0) return { applied, plan: undefined };
  const after = await compiler.compile(filesAfter);
  refuseAdded(planning.urgent ? addedBlocks(before, after) : await addedErrors(before, after, now), applied);
  refuseLiveSlots(before, after, applied);
  refuseForeignEnvironments(planning.principal, before, after, now);
  return { applied, plan: { edits, message: messageOf(applied, before, after, now) } };
}

/** Each change looks at what the ones before it have left; between two of them others are answered. */
async function applyAll({ project, files }: Compiled, changes: readonly Change[], compiler: Compiler) {
  let current = files;
  const applied: Applied[] = [];
  for (const [index, change] of changes.entries()) {
    if (index > 0) await turn();
    const known = sound(index === 0 ? project : compiler.read(current));
    const one = placed(change, () => applyChange(known, change));
    applied.push(one);
    current = one.edits.length === 0 ? current : edited(current, one.edits);
  }
  return { applied, after: current };
}

/** Of several changes it is told which one cannot be done. */
function placed<T>({ at }: Change, apply: () => T): T {
  try {
    return apply();
  } catch (error) {
    if (!(error instanceof Problem) || at === '' || error.extra.errors !== undefined) throw error;
    const { code, detail, extra } = error;
    const pointer = at.replace(/\/body$/, '');
    throw new Problem(code, detail, { ...extra, errors: [{ pointer, message: detail }] });
  }
}

/** Without its settings a repository has neither environments nor a meaning. */
function sound(project: Project | undefined): Project {
  if (project !== undefined) return project;
  throw new Problem('not_editable', 'the repository has no `flagstaff.yaml` that can be read', {
    help: 'mend it by hand; then flags can be written',
  });
}

/** From the first text of each file to its last: one file may be changed more than once. */
function wholeEdits(
  files: readonly SourceFile[],
  after: readonly SourceFile[],
  applied: readonly Applied[],
): FileEdit[] {
  const paths = new Set(applied.flatMap(({ edits }) => edits.map(({ path }) => path)));
  const textIn = (all: readonly SourceFile[], path: string) => all.find((file) => file.path === path)?.text;
  return [...paths].flatMap((path): FileEdit[] => {
    const [old, text] = [textIn(files, path), textIn(after, path)];
    if (old === text) return [];
    return [{ path, ...(old !== undefined && { before: old }), ...(text !== undefined && { after: text }) }];
  });
}

/** Without words while something else keeps the repository from being served. */
function messageOf(applied: readonly Applied[], before: Compilation, after: Compilation, now: number): string {
  const key = applied.find(({ edits }) => edits.length > 0)?.change.key ?? '';
  const { snapshot: old } = before;
  const { snapshot, project } = after;
  if (old === undefined || snapshot === undefined || project === undefined) return commitMessage(key, []);
  const delta = deltaOf(old, snapshot, { from: 'before', to: 'after', now, reach: false });
  return commitMessage(key, messageWords(delta, key, project));
}

/** What a writer refuses, as a problem. @param proposal the one that the request names: it may be what is not there */
export function problemOfWriter(error: unknown, proposal?: string): unknown {
  if (!(error instanceof Refusal)) return error;
  const isProposal = error.code === 'not-found' && proposal !== undefined;
  const code = isProposal ? 'proposal_not_found' : (CODES[error.code] ?? 'unavailable');
  return new Problem(code, error.message, { ...(error.help !== undefined && { help: error.help }) });
}

const CODES: Readonly<Record<string, Problem['code']>> = {
  uncommitted: 'uncommitted',
  contended: 'contended',
  rejected: 'rejected',
  'remote-unavailable': 'remote_unavailable',
  unwritable: 'unwritable',
  'outcome-unknown': 'outcome_unknown',
  'invalid-argument': 'invalid_request',
  'already-exists': 'already_exists',
};
