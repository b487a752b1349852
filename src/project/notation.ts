import type { Code } from '../diagnostics/catalogue.js';
import type { Operator } from '../model/condition.js';
import { shorten } from '../schema/wording.js';
import { comparisonsWith } from './comparisons.js';
import { operandsOf } from './declared.js';
import type { At } from './places.js';
import type { Subject, WrittenComparisonPlace } from './project.js';
import type { RuleFinding, SubjectRule } from './rule.js';

/** A text that has to follow some notation. */
export interface TextPlace extends At {
  readonly text: string;
}

interface Notation {
  readonly code: Code;
  /** The operators whose value, or each item of it, is written so. */
  readonly operators: readonly Operator[];
  /** Where else such texts stand. */
  readonly elsewhere?: (subject: Subject) => readonly TextPlace[];
  /** What is wrong with a text; `undefined`: nothing. */
  readonly problemOf: (text: string) => string | undefined;
  readonly help: string;
}

/** A rule that reports each text that does not follow a notation. */
export function notationRule({ code, operators, elsewhere, problemOf, help }: Notation): SubjectRule {
  return {
    code,
    *check(subject) {
      for (const place of comparisonsWith(subject, operators)) yield* wrong(operandTexts(place));
      if (elsewhere !== undefined) yield* wrong(elsewhere(subject));
    },
  };

  function* wrong(places: readonly TextPlace[]): Iterable<RuleFinding> {
    for (const { text, file, pointer } of places) {
      const problem = problemOf(text);
      if (problem !== undefined) yield { file, pointer, message: `\`${shorten(text)}\` ${problem}`, help };
    }
  }
}

function operandTexts(place: WrittenComparisonPlace): TextPlace[] {
  return operandsOf(place).map(({ value, pointer }) => ({ text: String(value), file: place.file, pointer }));
}
