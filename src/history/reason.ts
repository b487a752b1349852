import type { Commit } from '../sources/git-commits.js';

/** Why a commit was made: its trailer `Reason`, or else what its message says below the first line. */
export function reasonOf({ message, trailers }: Commit): string | undefined {
  const given = trailers.find(({ key }) => key.toLowerCase() === 'reason');
  if (given !== undefined) return given.value;
  const [, ...paragraphs] = message.split(/\n[ \t]*\n/);
  const body = trailers.length > 0 ? paragraphs.slice(0, -1) : paragraphs;
  return body.join('\n\n').trim() || undefined;
}
