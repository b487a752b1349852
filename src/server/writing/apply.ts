import { child } from '../../diagnostics/pointer.js';
import { Refusal } from '../../diagnostics/refusal.js';
import { didYouMean } from '../../diagnostics/suggest.js';
import type { Json, JsonObject } from '../../model/json.js';
import type { Project } from '../../project/project.js';
import { isList } from '../../syntax/render.js';
import type { SourceFile } from '../../syntax/source-file.js';
import { withField, withoutField } from '../../write/fields.js';
import type { FileEdit } from '../../write/writer.js';
import { Problem } from '../problem.js';
import { objectIn, refuseMisshapen, refuseOther, refuseReserved, refuseUnwritable } from './body-check.js';
import type { Change } from './change.js';
import { refuseOtherDefault, withDefaultValue, withoutReadOnly } from './default-value.js';
import { documentIn, editsOf, type Layout, layOut, newPath, textsAfter } from './edits.js';
import { jsonPatch, PatchError } from './json-patch.js';
import { mergePatch } from './merge-patch.js';
import { refuse } from './mistakes.js';
import { notFoundCode } from './noun.js';
import { pointerInBody } from './pointers.js';
import { admits, revisionOf, textsOf } from './revision.js';
import { keepSplitOrder } from './split-order.js';
import { type Standing, standingOf, tableOf } from './standing.js';

/** An object after a change. */
export interface Revised {
  readonly document: JsonObject;
  readonly file: string;
  readonly revision: string;
}

/** What a change does to the files. */
export interface Applied {
  readonly change: Change;
  readonly edits: readonly FileEdit[];
  /** `undefined`: it is gone. */
  readonly after: Revised | undefined;
  /** Where in the request stands what a file says; `undefined` for a file of something else. */
  pointerOf(file: string, pointer: string): string | undefined;
}

/**
 * Does a change by itself, without a look at what others make of it. Pure.
 * @param files of the project
 * @throws Problem when the object is not as the change expects, or the body cannot be one of its kind
 */
export function applyChange(project: Project, change: Change): Applied {
  if (change.act.kind === 'create') return create(project, change);
  const standing = standingOf(project, change.noun, change.key);
  if (standing === undefined) {
    const help = didYouMean(change.key, tableOf(project, change.noun).keys());
    throw new Problem(notFoundCode(change.noun), `there is no ${change.noun} \`${change.key}\``, {
      ...(help && { help }),
    });
  }
  refuseOtherRevision(standing, change);
  if (change.act.kind === 'remove') return remove(standing, change);
  const document = documentAfter(standing, change);
  const layout = layOut(project, standing.file.path, document, standing);
  refuseTakenParts(project, change, standing, layout);
  return written(project.files, change, layout, standing);
}

function refuseOtherRevision(standing: Standing, { ifMatch, noun, key }: Change): void {
  const revision = revisionOfStanding(standing);
  if (ifMatch === undefined || admits(ifMatch, revision)) return;
  throw new Problem('precondition_failed', `the ${noun} \`${key}\` has changed`, {
    help: 'look at `current`, and decide again',
    members: { current: standing.document ?? null, etag: revision },
  });
}

export function revisionOfStanding({ file, overrides }: Standing): string {
  return revisionOf(textsOf([file, ...overrides.values()]));
}

/** What a new object is called is not known before the body is. */
function create(project: Project, change: Change): Applied {
  const { noun, act, at } = change;
  const { body, directory } = act as { readonly body: Json; readonly directory: string };
  const given = objectIn(body, at);
  const document = noun === 'flag' ? withDefaultValue(given, at) : given;
  refuseMisshapen(noun, document, (pointer) => at + pointerInBody(act, pointer));
  const key = String(document.key);
  refuseReserved(key, at);
  refuseTaken(project, { ...change, key });
  const path = newPath({ noun, key, directory });
  const layout = layOut(project, path, document);
  for (const each of layout.contents.keys()) refuseTakenPath(project, each);
  return written(project.files, { ...change, key }, layout);
}

/** An archived flag, and one whose file has a problem, keep their keys; a key that differs by case is no other. */
function refuseTaken(project: Project, { noun, key, at }: Change): void {
  const known = [...tableOf(project, noun).keys(), ...project.broken[`${noun}s`]];
  const same = known.find((other) => other.toLowerCase() === key.toLowerCase());
  if (same === undefined) return;
  const isArchived = noun === 'flag' && project.flags.get(same)?.data.state === 'archived';
  const what = same === key ? 'already' : 'already, which differs by case only';
  const message = `there is ${isArchived ? 'an archived' : 'a'} ${noun} \`${same}\` ${what}`;
  const help = isArchived ? `bring it back with \`POST /flags/${same}/restore\`, or choose another key` : undefined;
  throw new Problem('already_exists', message, {
    ...(help !== undefined && { help }),
    errors: [{ pointer: child(at, 'key'), message }],
  });
}

function refuseTakenPath({ files }: Project, path: string): void {
  const taken = files.find((file) => file.path.toLowerCase() === path.toLowerCase());
  if (taken !== undefined) throw new Problem('already_exists', `there is a file \`${taken.path}\` already`);
}

/** Where a new part would stand may be one of another flag, or one that nobody can read: only who sends all may replace that. */
function refuseTakenParts(project: Project, { act, key }: Change, standing: Standing, { contents }: Layout): void {
  const own = new Set([standing.file, ...standing.overrides.values()].map(({ path }) => path));
  const isFree = (path: string) =>
    act.kind === 'replace'
      ? project.overrides.every(({ file }) => file !== path)
      : project.files.every((file) => file.path !== path);
  const taken = [...contents.keys()].find((path) => !own.has(path) && !isFree(path));
  if (taken === undefined) return;
  throw new Problem('not_editable', `there is a file \`${taken}\`, and it is no part of \`${key}\` that can be read`, {
    help: 'mend it by hand, or give it another name',
  });
}

function documentAfter(standing: Standing, change: Change): JsonObject {
  const { act, at, noun } = change;
  if (act.kind === 'archive') return withField(soundDocument(standing), 'state', 'archived');
  if (act.kind === 'restore') return restored(soundDocument(standing));
  const { body } = act as { readonly body: Json };
  const pointerOf = (pointer: string) => at + pointerInBody(act, pointer);
  const document = soughtDocument(standing, change, body);
  refuseOther(standing.document ?? { key: standing.key }, document, noun, pointerOf);
  refuseMisshapen(noun, document, pointerOf);
  if (act.kind !== 'json-patch') refuseOtherDefault(objectIn(body, at), document, at);
  return keepSplitOrder(standing.document, document) as JsonObject;
}

function restored(document: JsonObject): JsonObject {
  return document.state === 'archived' ? withoutField(document, 'state') : document;
}

function soughtDocument(standing: Standing, { act, at, key }: Change, body: Json): JsonObject {
  if (act.kind === 'json-patch') return patched(standing, body, at);
  if (act.kind === 'merge' && isList(body)) {
    refuse([{ pointer: at, message: 'must be an object; a JSON Patch is of the type `application/json-patch+json`' }]);
  }
  const given = withoutReadOnly(objectIn(body, at));
  if (act.kind === 'replace') return Object.hasOwn(given, 'key') ? given : { key, ...given };
  return mergePatch(soundDocument(standing), given) as JsonObject;
}

function patched(standing: Standing, body: Json, at: string): JsonObject {
  refuseUnwritable(body, at);
  try {
    const document = jsonPatch(soundDocument(standing), body);
    return objectIn(document, at);
  } catch (error) {
    if (!(error instanceof PatchError)) throw error;
    const { pointer, message, isTest } = error;
    throw new Problem(isTest ? 'test_failed' : 'invalid_request', `the patch: ${message}`, {
      errors: [{ pointer: at + pointer, message }],
    });
  }
}

/** @throws Problem when the file cannot be read, so that only a whole new text can mend it */
function soundDocument({ noun, key, document, file }: Standing): JsonObject {
  if (document !== undefined) return document;
  throw new Problem('not_editable', `the file of ${noun} \`${key}\` has a problem`, {
    help: `mend \`${file.path}\`, or send the whole ${noun} with PUT`,
  });
}

function remove(standing: Standing, change: Change): Applied {
  const files = [standing.file, ...standing.overrides.values()];
  const edits = files.map(({ path, text }) => ({ path, before: text }));
  const own = new Set(files.map(({ path }) => path));
  return { change, edits, after: undefined, pointerOf: (file) => (own.has(file) ? change.at : undefined) };
}

function written(files: readonly SourceFile[], change: Change, layout: Layout, standing?: Standing): Applied {
  const isBroken = standing !== undefined && standing.document === undefined;
  const edits = editable(change, () => editsOf(layout, files, isBroken ? standing.file.path : undefined));
  const [[file] = ['']] = layout.places;
  return {
    change,
    edits,
    after: { document: documentIn(layout), file, revision: revisionOf(textsAfter(layout, files, edits)) },
    pointerOf: (path, pointer) => {
      const steps = layout.places.get(path);
      const place = steps === undefined ? undefined : child('', ...steps) + insideOverride(steps, pointer);
      return place === undefined ? undefined : change.at + pointerInBody(change.act, place);
    },
  };
}

/** That an override file names its flag and environment stands nowhere in a body. */
function insideOverride(steps: readonly string[], pointer: string): string {
  return steps.length > 0 && ['/flag', '/environment'].includes(pointer) ? '' : pointer;
}

/** YAML can be written in ways that no edit leaves as they are. */
function editable<T>({ noun, key }: Change, edit: () => T): T {
  try {
    return edit();
  } catch (cause) {
    if (!(cause instanceof Refusal)) throw cause;
    const said = cause.message.replace(/^the file /, 'it ');
    throw new Problem('not_editable', `the file of ${noun} \`${key}\`: ${said}`, {
      ...(cause.help !== undefined && { help: cause.help }),
    });
  }
}
