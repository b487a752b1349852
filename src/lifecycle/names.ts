/**
 * The ways in which a key may be written into code as a name: `{camel}` gives `oneClickCheckout` for
 * `one-click.checkout`.
 */
const STYLES = {
  key: (_words: readonly string[], key: string) => key,
  camel: (words: readonly string[]) => words.map((word, at) => (at === 0 ? word : capital(word))).join(''),
  pascal: (words: readonly string[]) => words.map(capital).join(''),
  snake: (words: readonly string[]) => words.join('_'),
  kebab: (words: readonly string[]) => words.join('-'),
  constant: (words: readonly string[]) => words.join('_').toUpperCase(),
} as const;

/** A key by another name: `FEATURE_{constant}` gives `FEATURE_ONE_CLICK` for `one-click`. */
export function aliasOf(template: string, key: string): string {
  const words = key.split(/[._-]+|(?<=[a-z0-9])(?=[A-Z])/).map((word) => word.toLowerCase());
  return template.replace(/\{(\w+)\}/g, (whole, style: string) => {
    return Object.hasOwn(STYLES, style) ? STYLES[style as keyof typeof STYLES](words, key) : whole;
  });
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
