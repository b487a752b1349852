import type { Commit } from '../sources/git-commits.js';

/**
 * Why a commit was made: its trailer `Reason`, or else what its message says below the first line, if that is not the
 * list of what has changed which our own commits have there.
 */
export function reasonOf({ message, trailers }: Commit): string | undefined {
  const given = trailers.find(({ key }) => key.toLowerCase() === 'reason');
  if (given !== undefined) return given.value;
  const [subject = '', ...paragraphs] = message.split(/\n[ \t]*\n/);
  const body = (trailers.length > 0 ? paragraphs.slice(0, -1) : paragraphs).filter((text) => !isList(text, subject));
  return body.join('\n\n').trim() || undefined;
}

/** Its first item is what the subject says, `KEY: …`, as far as there is room for it. */
function isList(paragraph: string, subject: string): boolean {
  const [, item] = /^- (.*)/.exec(paragraph) ?? [];
  const words = subject.slice(subject.indexOf(': ') + 2).replace(/(?: and \d+ more|…)$/, '');
  return item !== undefined && words !== '' && (item.startsWith(words) || words.startsWith(item));
}
