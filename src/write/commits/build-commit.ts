import { Refusal } from '../../diagnostics/refusal.js';
import type { BlobReader } from '../../sources/git-blobs.js';
import type { Author, FileEdit, WritePlan, WriteRequest } from '../writer.js';
import type { BranchState } from './branch-state.js';
import { commitText, messageWithTrailers } from './commit-object.js';
import { writingRefusal } from './complaints.js';
import { type NewObject, newObject, type ObjectFormat, packOf } from './objects.js';
import type { Plumbing } from './plumbing.js';
import { refuseOddPath } from './safe-path.js';
import { signed } from './sign.js';
import { editTree, type TreeEdit } from './tree-edits.js';

/** What makes commits in one repository. */
export interface CommitBuilder {
  readonly plumbing: Plumbing;
  readonly format: ObjectFormat;
  /** Reads trees and commits of any size. */
  readonly objects: BlobReader;
  readonly committer: Author;
  /** The file of an ssh key to sign with. */
  readonly signingKey?: string;
}

/**
 * Makes the commit of a write, which no ref leads to yet.
 *
 * @returns its id
 * @throws Refusal
 */
export async function buildCommit(
  builder: CommitBuilder,
  state: BranchState,
  plan: WritePlan,
  request: WriteRequest,
): Promise<string> {
  const { format, plumbing, committer } = builder;
  const { author, at } = request;
  const edits = treeEdits(plan.edits, state.prefix);
  const made: NewObject[] = [];
  const read = (oid: string) => readObject(builder, oid);
  const tree = await editTree({ format, read, made }, await treeOf(builder, state.commit), edits);
  const message = messageWithTrailers({ ...request, message: plan.message });
  const text = commitText({ tree, parent: state.commit, author, committer, at, message });
  const commit = newObject('commit', Buffer.from(await maybeSigned(builder, text), 'utf8'), format);
  await unpack(plumbing, packOf([...made, commit], format));
  return commit.oid;
}

function treeEdits(edits: readonly FileEdit[], prefix: string): TreeEdit[] {
  for (const { path } of edits) refuseOddPath(path);
  const paths = new Set(edits.map(({ path }) => path));
  if (paths.size < edits.length) throw new Error('a plan edits one file twice');
  return edits.map(({ path, before, after }) => ({ path: prefix + path, before, after }));
}

async function maybeSigned({ plumbing, signingKey, format }: CommitBuilder, text: string): Promise<string> {
  return signingKey === undefined ? text : signed(plumbing, text, signingKey, format);
}

async function treeOf(builder: CommitBuilder, commit: string): Promise<string> {
  const bytes = await readObject(builder, commit);
  return bytes.toString('latin1', 'tree '.length, bytes.indexOf('\n'));
}

async function readObject({ objects }: CommitBuilder, oid: string): Promise<Buffer> {
  const bytes = await objects.read(oid);
  if (bytes !== 'too-large') return bytes;
  throw new Refusal('unavailable', 'a folder of the repository has too many files to be written to');
}

/** Objects that nothing leads to are no change: git clears them away in time. */
async function unpack(plumbing: Plumbing, pack: Buffer): Promise<void> {
  const answer = await plumbing.git(['unpack-objects', '-q'], { input: pack });
  if (!answer.ok) throw writingRefusal(plumbing, answer);
}
