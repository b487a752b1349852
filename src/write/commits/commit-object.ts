import { oneLine } from '../message.js';
import type { Author, WriteRequest } from '../writer.js';

export interface CommitParts {
  readonly tree: string;
  readonly parent: string;
  readonly author: Author;
  readonly committer: Author;
  /** milliseconds since 1970 */
  readonly at: number;
  readonly message: string;
}

/** A commit as git keeps it: headers, an empty line, the message. */
export function commitText({ tree, parent, author, committer, at, message }: CommitParts): string {
  const time = `${Math.max(0, Math.floor(at / 1000))} +0000`;
  const headers = [
    `tree ${tree}`,
    `parent ${parent}`,
    `author ${identity(author)} ${time}`,
    `committer ${identity(committer)} ${time}`,
  ];
  return `${headers.join('\n')}\n\n${message}`;
}

/** With a signature, which git looks for after the other headers; its further lines begin with a space. */
export function signedText(commit: string, signature: string, header: 'gpgsig' | 'gpgsig-sha256'): string {
  const end = commit.indexOf('\n\n');
  const lines = signature.trimEnd().replaceAll('\n', '\n ');
  return `${commit.slice(0, end)}\n${header} ${lines}${commit.slice(end)}`;
}

/** `<`, `>` and line ends would end the name or the address; git strips the rest from both ends itself. */
function identity({ name, email }: Author): string {
  const address = plain(email);
  return `${plain(name) || address || 'unknown'} <${address}>`;
}

function plain(text: string): string {
  return oneLine(text.replaceAll(/[<>]/g, '')).replaceAll(/^[\s.,:;"'\\]+|[\s,:;"'\\]+$/g, '');
}

type Words = Pick<WriteRequest, 'reason' | 'requestId' | 'kill'> & { readonly message: string };

/**
 * The message with its trailers in a last paragraph of their own. Each is one line, and no other line can be taken
 * for one: git looks for them in the last paragraph only, and there at lines that begin with a word and a colon.
 */
export function messageWithTrailers({ message, reason, requestId, kill }: Words): string {
  const trailers = [trailer('Reason', reason), trailer('Request-Id', requestId), trailer('Kill', kill)];
  const paragraphs = [...paragraphsOf(message), trailers.filter((line) => line !== undefined).join('\n')];
  return `${paragraphs.filter((paragraph) => paragraph !== '').join('\n\n')}\n`;
}

function trailer(key: string, value: string | undefined): string | undefined {
  const line = oneLine(value ?? '');
  return line === '' ? undefined : `${key}: ${line}`;
}

function paragraphsOf(message: string): string[] {
  const lines = message.split(/\r\n|[\n\r\u2028\u2029]/).map((line) => line.replaceAll(/\p{Cc}/gu, ' ').trimEnd());
  const [subject = '', ...body] = lines
    .join('\n')
    .trim()
    .split(/\n{2,}/);
  return [subject, ...body.map((paragraph) => paragraph.replaceAll(/^(?=[\w-]+\s*:|\(cherry)/gm, ' '))];
}
