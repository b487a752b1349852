/**
 * Unicode simple case folding (the C and S lines of CaseFolding.txt): two texts are equal but for case exactly
 * if their foldings are equal. The data is the runtime's own; a test compares it with its regular expressions.
 */
export function fold(text: string): string {
  return isAscii(text) ? text.toLowerCase() : Array.from(text, foldCodePoint).join('');
}

/** Is every character of the text one byte in UTF-8? */
export function isAscii(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) {
    if (text.charCodeAt(index) > 127) return false;
  }
  return true;
}

/** Where going up and down does not lead to the folding: dotless i, and letters without an upper case of their own. */
const IRREGULAR = new Map([
  ['\u0131', '\u0131'],
  ['\u1fd3', '\u0390'],
  ['\u1fe3', '\u03b0'],
  ['\ufb05', '\ufb06'],
]);

/** Up and down again brings all forms of a letter together, where each way leads to one code point. */
function foldCodePoint(character: string): string {
  const irregular = IRREGULAR.get(character);
  if (irregular !== undefined) return irregular;
  const upper = single(character.toUpperCase(), character);
  return single(upper.toLowerCase(), upper);
}

function single(mapped: string, otherwise: string): string {
  return Array.from(mapped).length === 1 ? mapped : otherwise;
}
