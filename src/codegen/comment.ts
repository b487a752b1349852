/** A documentation comment. What people wrote can neither end it nor become a tag of it. */
export function documentation(paragraphs: readonly string[]): string {
  const lines = paragraphs.flatMap((paragraph, index) => [...(index === 0 ? [] : ['']), ...paragraph.split('\n')]);
  return ['/**', ...lines.map((line) => ` * ${line}`.trimEnd()), ' */'].join('\n');
}

/** A person's text, for a paragraph of `documentation`. */
export function prose(text: string): string {
  return text
    .trim()
    .replaceAll('*/', '*\\/')
    .split(/[\r\n\u2028\u2029]+/)
    .map((line) => line.trim().replace(/^@/, '\\@'))
    .join('\n');
}
