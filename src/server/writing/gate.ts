import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { kindOf } from '../../project/kind.js';
import { Problem } from '../problem.js';
import type { Applied } from './apply.js';
import { type Mistake, refuse } from './mistakes.js';

/** What it means that something is gone that others ask for. */
const ASKED_FOR: ReadonlySet<string> = new Set([
  'reference/archived-flag',
  'reference/unknown-flag',
  'reference/unknown-segment',
]);

/**
 * Refuses a change for the problems that it brings, each told by its place in the request.
 * @param added what is wrong after the change and was not before
 * @throws Problem
 */
export function refuseAdded(added: readonly Diagnostic[], applied: readonly Applied[]): void {
  if (added.length === 0) return;
  const elsewhere = added.filter((one) => placeIn(applied, one) === undefined);
  if (applied.some(isGone) && elsewhere.some(({ code }) => ASKED_FOR.has(code))) throw stillAsked(elsewhere, applied);
  refuse(added.map((one) => mistakeOf(one, applied)));
}

function isGone({ after }: Applied): boolean {
  return after === undefined || after.document.state === 'archived';
}

function placeIn(applied: readonly Applied[], { file, pointer }: Diagnostic): string | undefined {
  for (const one of applied) {
    const place = one.pointerOf(file, pointer);
    if (place !== undefined) return place;
  }
  return undefined;
}

/** A cycle may show in another file than the one that closes it: then the part of it that is in the request counts. */
function mistakeOf(diagnostic: Diagnostic, applied: readonly Applied[]): Mistake {
  const { code, help, file, related = [] } = diagnostic;
  const place = placeIn(applied, diagnostic);
  const message = place === undefined ? diagnostic.message : aboutBody(diagnostic.message);
  const near = related.map((one) => placeIn(applied, { ...diagnostic, ...one })).find((one) => one !== undefined);
  return {
    pointer: place ?? near ?? applied[0]?.change.at ?? '',
    message,
    code,
    ...(help !== undefined && { help }),
    ...(place === undefined && { file }),
  };
}

/** Rules speak of files, whoever sent a body has none. */
function aboutBody(message: string): string {
  return message.replace(/^the file has no /, 'there is no ').replace(/^the file is /, 'its file would be ');
}

function stillAsked(diagnostics: readonly Diagnostic[], applied: readonly Applied[]): Problem {
  const asking = diagnostics.filter(({ code }) => ASKED_FOR.has(code));
  const dependents = asking.map(({ file, pointer, range }) => ({ file, pointer, line: range.start.line }));
  const names = [...new Set(asking.map(({ file }) => file))];
  const gone = applied.find(isGone);
  const isTested = names.every((file) => kindOf(file) === 'test');
  return new Problem('has_dependents', `\`${gone?.change.key}\` is asked for in ${names.join(', ')}`, {
    help: isTested
      ? 'tests are changed by hand: take it out of them first'
      : 'change those first, or all together with `POST /changes`',
    members: { dependents },
  });
}
