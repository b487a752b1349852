import { Refusal } from '../diagnostics/refusal.js';
import { amend } from '../syntax/amend.js';
import { renderFile } from '../syntax/render.js';
import type { SourceFile } from '../syntax/source-file.js';
import type { FileChange } from './change.js';

/** A change as text, and the whole repository as it then is. */
export interface Plan {
  readonly path: string;
  /** `undefined`: there is no such file yet. */
  readonly before: string | undefined;
  readonly after: string;
  readonly files: readonly SourceFile[];
}

/**
 * Pure: nothing is written. `undefined` when there is nothing to change.
 *
 * @throws Refusal when a new file's name is taken, or a file is written in a way that cannot be changed
 */
export function plan(files: readonly SourceFile[], change: FileChange): Plan | undefined {
  const { path } = change;
  const before = files.find((file) => file.path === path)?.text;
  const after = textOf(before, change);
  if (after === before) return undefined;
  const others = files.filter((file) => file.path !== path);
  return { path, before, after, files: [...others, { path, text: after }] };
}

function textOf(before: string | undefined, change: FileChange): string {
  if (before === undefined) return renderFile(change.after);
  if (change.before !== undefined) return amend(before, change.after);
  throw new Refusal('already-exists', `there is a file \`${change.path}\` already`);
}
