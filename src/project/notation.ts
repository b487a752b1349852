import type { Code } from '../diagnostics/catalogue.js';
import type { Operator } from '../model/condition.js';
import { shorten } from '../schema/wording.js';
import { operandsOf } from './declared.js';
import type { At } from './places.js';
import type { Project } from './project.js';
import type { GateRule } from './rule.js';

/** A text that has to follow some notation. */
export interface TextPlace extends At {
  readonly text: string;
}

interface Notation {
  readonly code: Code;
  /** The operators whose value, or each item of it, is written so. */
  readonly operators: readonly Operator[];
  /** Where else such texts stand. */
  readonly elsewhere?: (project: Project) => readonly TextPlace[];
  /** What is wrong with a text; `undefined`: nothing. */
  readonly problemOf: (text: string) => string | undefined;
  readonly help: string;
}

/** A rule that reports each text that does not follow a notation. */
export function notationRule({ code, operators, elsewhere, problemOf, help }: Notation): GateRule {
  return {
    code,
    *check(project) {
      for (const { text, ...at } of [...textsOf(project, operators), ...(elsewhere?.(project) ?? [])]) {
        const problem = problemOf(text);
        if (problem !== undefined) yield { ...at, message: `\`${shorten(text)}\` ${problem}`, help };
      }
    },
  };
}

function textsOf({ comparisons }: Project, operators: readonly Operator[]): TextPlace[] {
  return comparisons
    .filter(({ comparison }) => operators.includes(comparison.operator))
    .flatMap((place) =>
      operandsOf(place).map(({ value, pointer }) => ({ text: String(value), file: place.file, pointer })),
    );
}
