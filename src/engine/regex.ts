import { RE2JS } from 're2js';

/** A compiled pattern: is it found anywhere in the text? In time linear in the text's length. */
type TextTest = (text: string) => boolean;

/** A pattern, or what is wrong with it (lower case, one line). */
type CompiledRegex = { readonly test: TextTest } | { readonly problem: string };

/** Compiles an RE2 pattern; `ignoreCase` is `(?i)`. */
export type CompileRegex = (pattern: string, ignoreCase?: boolean) => CompiledRegex;

export const compileRegex: CompileRegex = (pattern, ignoreCase = false) => {
  try {
    const regex = RE2JS.compile(pattern, ignoreCase ? RE2JS.CASE_INSENSITIVE : 0);
    return { test: (text) => regex.test(text) };
  } catch (error) {
    return { problem: problemOf(error) };
  }
};

function problemOf(error: unknown): string {
  return String(error)
    .replace(/^.*error parsing regexp: /s, '')
    .replaceAll(/\s+/g, ' ');
}
