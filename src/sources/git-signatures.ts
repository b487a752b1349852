import type { BlobReader, ObjectBytes } from './git-blobs.js';
import type { GitReader } from './git-process.js';

/** `unknown`: there is a signature, and nothing here can tell whether to trust it. */
export type SignatureStatus = 'good' | 'bad' | 'none' | 'unknown';

/** git's `%G?`. Good from an unknown, expired or missing key proves nothing; a revoked key speaks against it. */
const STATUS: Readonly<Record<string, SignatureStatus>> = { G: 'good', B: 'bad', R: 'bad' };

/** Whether commits are signed, and well. Only those that carry a signature cost a run of gpg or ssh-keygen. */
export async function readSignatures(
  git: GitReader,
  objects: BlobReader,
  oids: readonly string[],
): Promise<Map<string, SignatureStatus>> {
  const signed = await Promise.all(oids.map(async (oid) => isSigned(await objects.read(oid))));
  const checked = await check(
    git,
    oids.filter((_, index) => signed[index] === true),
  );
  return new Map(oids.map((oid, index) => [oid, signed[index] ? (checked.get(oid) ?? 'unknown') : 'none']));
}

/** The headers of a commit end at the first empty line; continued lines begin with a space. */
function isSigned(commit: ObjectBytes): boolean {
  if (commit === 'too-large') return true;
  const text = commit.toString('latin1');
  return /^gpgsig(-sha256)? /m.test(text.slice(0, text.indexOf('\n\n')));
}

async function check(git: GitReader, oids: readonly string[]): Promise<Map<string, SignatureStatus>> {
  const statuses = new Map<string, SignatureStatus>();
  if (oids.length === 0) return statuses;
  const chunks: Buffer[] = [];
  const input = `${oids.join('\n')}\n`;
  for await (const chunk of git.stream(['log', '--no-walk=unsorted', '--stdin', '--format=%H %G?'], input)) {
    chunks.push(chunk);
  }
  for (const line of Buffer.concat(chunks).toString('latin1').split('\n')) {
    const [oid = '', letter = ''] = line.split(' ');
    statuses.set(oid, STATUS[letter] ?? 'unknown');
  }
  return statuses;
}
