import type { ChalkInstance } from 'chalk';
import type { Change } from '../diff/change.js';
import { linesOf, nounOf } from '../diff/outline.js';
import type { AuditEntry } from '../history/log.js';
import { nounWords, placesWords } from './change-words.js';
import { palette } from './palette.js';
import { printable } from './printable.js';

/** One commit of a history, for a person at a terminal. */
export function auditText(entry: AuditEntry, { colour }: { readonly colour: boolean }): string {
  const paint = palette(colour);
  const lines = [
    headLine(entry, paint),
    ...entry.commit.message.split('\n').map((line) => indented(4, printable(line))),
    '',
    ...byObject(entry.changes).flatMap((changes) => objectLines(changes, paint)),
    ...invalidLines(entry, paint),
    ...emptyLines(entry, paint),
  ];
  return `${lines.join('\n')}\n`;
}

function headLine({ commit, signature }: AuditEntry, paint: ChalkInstance): string {
  const { oid, committed, author } = commit;
  const signed = signature === 'none' ? '' : `  ${paintSignature(signature, paint)}`;
  return `${paint.yellow(oid.slice(0, 12))}  ${minuteOf(committed)}  ${printable(personWords(author))}${signed}`;
}

/** `2026-03-04 05:06 UTC` */
export function minuteOf(time: number): string {
  return `${new Date(time).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

function personWords({ name, email }: AuditEntry['commit']['author']): string {
  return `${name} <${email}>`;
}

/** What is said of a signature that is there. */
export const SIGNATURE_WORDS: Readonly<Record<Exclude<AuditEntry['signature'], 'none'>, string>> = {
  good: 'good signature',
  bad: 'BAD signature',
  unknown: 'signature that cannot be checked',
};

function paintSignature(signature: Exclude<AuditEntry['signature'], 'none'>, paint: ChalkInstance): string {
  const tint = { good: paint.green, bad: paint.red, unknown: paint.dim }[signature];
  return tint(SIGNATURE_WORDS[signature]);
}

/** The changes of one object together, in the order in which they are met. */
export function byObject(changes: readonly Change[]): Change[][] {
  const objects = new Map<string, Change[]>();
  for (const change of changes) {
    const place = `${nounOf(change)}:${change.key}`;
    objects.set(place, [...(objects.get(place) ?? []), change]);
  }
  return [...objects.values()];
}

function objectLines(changes: readonly Change[], paint: ChalkInstance): string[] {
  const [first] = changes;
  if (first === undefined) return [];
  const noun = nounOf(first);
  const kind = noun === 'flag' || noun === 'project' ? '' : paint.dim(` ${nounWords(noun)}`);
  return [indented(2, paint.bold(printable(first.key)) + kind), ...linesOf(changes).map(lineWords)];
}

function lineWords({ environments, text }: ReturnType<typeof linesOf>[number]): string {
  const place = environments.length === 0 ? '' : `${placesWords(environments)}: `;
  return indented(4, printable(place + text));
}

function invalidLines({ invalid }: AuditEntry, paint: ChalkInstance): string[] {
  return invalid.map(({ file, code, message }) => {
    return indented(2, `${paint.red('not valid')} ${printable(file)}: ${code}: ${printable(message)}`);
  });
}

function emptyLines({ changes, invalid }: AuditEntry, paint: ChalkInstance): string[] {
  return changes.length + invalid.length > 0 ? [] : [indented(2, paint.dim('nothing changed in meaning'))];
}

function indented(width: number, line: string): string {
  return line === '' ? '' : ' '.repeat(width) + line;
}
