import { Refusal } from '../../diagnostics/refusal.js';
import { type NewObject, newObject, type ObjectFormat } from './objects.js';
import { byteName, DIRECTORY, isFile, Tree, textName } from './tree.js';

/** A file to put in a tree, or to take out of it. `path` is from the top, with `/`. */
export interface TreeEdit {
  readonly path: string;
  /** The text that must stand there; `undefined`: nothing may. */
  readonly before: string | undefined;
  /** `undefined`: the file goes. */
  readonly after: string | undefined;
}

/** Where trees are read from, and what is new. */
export interface Workshop {
  readonly format: ObjectFormat;
  /** The bytes of a tree. */
  read(oid: string): Promise<Buffer>;
  /** What git does not have yet is added here. */
  readonly made: NewObject[];
}

/**
 * The tree with its files changed. Only the directories on the way to them are read and made anew, so the cost does
 * not follow the number of flags.
 *
 * @param tree the id of the tree at the top
 * @returns the id of the new one
 * @throws Refusal when a file is not as expected, a folder on the way is none (but a link, say), or a name differs
 *   from one that is there by case alone
 */
export async function editTree(workshop: Workshop, tree: string, edits: readonly TreeEdit[]): Promise<string> {
  const steps = edits.map((edit) => ({ edit, names: edit.path.split('/') }));
  return keep(workshop, await edited(workshop, tree, steps));
}

/** An edit, and what is left of its path. */
interface Step {
  readonly edit: TreeEdit;
  readonly names: readonly string[];
}

async function edited(workshop: Workshop, oid: string | undefined, steps: readonly Step[]): Promise<Tree> {
  const width = workshop.format === 'sha1' ? 20 : 32;
  const tree = new Tree(oid === undefined ? Buffer.alloc(0) : await workshop.read(oid), width);
  for (const [name, within] of byFirstName(steps)) {
    const file = within.find(({ names }) => names.length === 1)?.edit;
    if (file === undefined) await setDirectory(workshop, tree, name, within);
    else if (within.length === 1) setFile(workshop, tree, name, file);
    else throw notAFolder(textName(name), file.path);
  }
  return tree;
}

/** At least one. */
type Steps = [Step, ...Step[]];

function byFirstName(steps: readonly Step[]): Map<string, Steps> {
  const groups = new Map<string, Steps>();
  for (const step of steps) {
    const name = byteName(step.names.slice(0, 1).join(''));
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [step]);
    else group.push(step);
  }
  return groups;
}

function setFile(workshop: Workshop, tree: Tree, name: string, { path, before, after }: TreeEdit): void {
  const entry = tree.get(name);
  const blobOf = (text: string) => newObject('blob', Buffer.from(text, 'utf8'), workshop.format);
  const isAsExpected = before === undefined ? entry === undefined : entry?.oid === blobOf(before).oid && isFile(entry);
  if (!isAsExpected) throw notAsExpected(path, before);
  if (after === undefined) {
    tree.delete(name);
    return;
  }
  if (entry === undefined) refuseColliding(tree, name, path);
  const blob = blobOf(after);
  workshop.made.push(blob);
  tree.set({ mode: entry?.mode ?? '100644', name, oid: blob.oid });
}

async function setDirectory(workshop: Workshop, tree: Tree, name: string, steps: Steps): Promise<void> {
  const entry = tree.get(name);
  const { path } = steps[0].edit;
  if (entry === undefined) refuseColliding(tree, name, path);
  else if (entry.mode !== DIRECTORY) throw notAFolder(textName(name), path);
  const within = steps.map(({ edit, names }) => ({ edit, names: names.slice(1) }));
  const inside = await edited(workshop, entry?.oid, within);
  if (inside.isEmpty) tree.delete(name);
  else tree.set({ mode: DIRECTORY, name, oid: keep(workshop, inside) });
}

function keep({ format, made }: Workshop, tree: Tree): string {
  const object = newObject('tree', tree.bytes(), format);
  made.push(object);
  return object.oid;
}

/** Where case does not count (macOS, Windows), one of two such files would take the place of the other. */
function refuseColliding(tree: Tree, name: string, path: string): void {
  const folded = fold(name);
  for (const other of tree.names()) {
    if (fold(other) !== folded) continue;
    throw new Refusal(
      'already-exists',
      `\`${path}\` differs only by case from \`${textName(other)}\`, which is there`,
      {
        help: 'choose another name: where case does not count, one file would take the place of the other',
      },
    );
  }
}

function fold(name: string): string {
  return textName(name).normalize('NFC').toLowerCase();
}

function notAFolder(name: string, path: string): Refusal {
  return new Refusal(
    'invalid-argument',
    `\`${path}\` cannot be written: \`${name}\` is a link or a file, not a folder`,
    {
      help: 'name another folder of the flag repository',
    },
  );
}

function notAsExpected(path: string, before: string | undefined): Refusal {
  if (before === undefined) return new Refusal('already-exists', `there is a file \`${path}\` already`);
  return new Refusal('unavailable', `\`${path}\` is not what this change was made for`, {
    help: 'a link, or a file that is not UTF-8, can only be changed by hand',
  });
}
