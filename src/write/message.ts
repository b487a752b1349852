/** Longer subjects are cut off where git and its friends cut them. */
const SUBJECT = 72;

/**
 * A commit message that says what changed, in words, and why. What comes from people is put on one line each, so
 * that no text of theirs can pass for a trailer.
 *
 * @param words what changed, most important first
 */
export function commitMessage(key: string, words: readonly string[], reason?: string): string {
  const lines = words.map((word) => oneLine(word).replaceAll(' → ', ' to '));
  const [first = 'changed', ...others] = lines;
  const more = others.length === 0 ? '' : ` and ${others.length} more`;
  const subject = `${key}: ${first}${more}`;
  const isCut = subject.length > SUBJECT;
  const body = isCut || others.length > 0 ? lines.map((line) => `- ${line}`).join('\n') : undefined;
  const trailer = reason === undefined || oneLine(reason) === '' ? undefined : `Reason: ${oneLine(reason)}`;
  const paragraphs = [isCut ? `${subject.slice(0, SUBJECT - 1).trimEnd()}…` : subject, body, trailer];
  return `${paragraphs.filter((paragraph) => paragraph !== undefined).join('\n\n')}\n`;
}

/** Text of a person as one line, without what would hide or reorder it. */
export function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_C}\s]+/gu, ' ').trim();
}
