/** Text from a file as it may go to a terminal: no control characters, nothing that turns the writing direction. */
export function printable(text: string): string {
  return text.replaceAll('\t', '  ').replaceAll(/[\p{Cc}\p{Bidi_C}\p{Zl}\p{Zp}]/gu, '\u{fffd}');
}
