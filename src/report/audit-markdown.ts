import type { Change } from '../diff/change.js';
import { linesOf, nounOf } from '../diff/outline.js';
import type { AuditEntry } from '../history/log.js';
import { byObject, minuteOf, SIGNATURE_WORDS } from './audit-text.js';
import { nounWords } from './change-words.js';
import { codeSpan } from './code-span.js';

/** One commit of a history as Markdown. What people wrote stands in code spans, so that none of it is markup. */
export function auditMarkdown(entry: AuditEntry): string {
  const { commit, changes, invalid, signature } = entry;
  const [subject = '', ...body] = commit.message.split('\n').filter((line) => line.trim() !== '');
  const signed = signature === 'none' ? '' : `, ${SIGNATURE_WORDS[signature]}`;
  const lines = [
    `### ${codeSpan(subject)}`,
    '',
    `${codeSpan(commit.oid.slice(0, 12))}, ${minuteOf(commit.committed)}, ${codeSpan(commit.author.name)}${signed}`,
    '',
    ...body.flatMap((line) => [`> ${codeSpan(line)}`, '>']).slice(0, -1),
    ...(body.length === 0 ? [] : ['']),
    ...byObject(changes).flatMap(objectLines),
    ...invalid.map(({ file, code, message }) => `- ${codeSpan(file)} is not valid: ${code}: ${codeSpan(message)}`),
    ...(changes.length + invalid.length > 0 ? [] : ['- nothing changed in meaning']),
  ];
  return `${lines.join('\n')}\n\n`;
}

function objectLines(changes: readonly Change[]): string[] {
  const [first] = changes;
  if (first === undefined) return [];
  const noun = nounOf(first);
  const kind = noun === 'flag' || noun === 'project' ? '' : ` ${nounWords(noun)}`;
  return linesOf(changes).map(({ environments, text }) => {
    const place = environments.length === 0 ? '' : ` in ${environments.map(codeSpan).join(', ')}`;
    return `- **${codeSpan(first.key)}**${kind}${place}: ${codeSpan(text)}`;
  });
}
