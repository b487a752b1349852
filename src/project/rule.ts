import type { Code } from '../diagnostics/catalogue.js';
import type { Finding } from '../diagnostics/diagnostic.js';
import type { Project, Subject } from './project.js';

/** What a rule is told. */
interface RuleInput {
  readonly project: Project;
  /** milliseconds since 1970 */
  readonly now: number;
}

/** A finding whose code is that of the rule. */
export type RuleFinding = Omit<Finding, 'code'>;

/** One check that gives advice; these live in lint/rules/. A rule knows no other rule. */
export interface Rule {
  readonly code: Code;
  check(input: RuleInput): Iterable<RuleFinding>;
}

/**
 * One check of the gate; these live in project/rules/. It is told no time: what passes today passes for ever.
 * It looks at the subject, the settings, and at those whom the subject names as far as their faces go (`names.ts`).
 */
export interface SubjectRule {
  readonly code: Code;
  check(subject: Subject, project: Project): Iterable<RuleFinding>;
}

/** A check of the gate that compares objects with each other. It is made for every compilation, so it must be quick. */
export interface WholeRule {
  readonly code: Code;
  check(project: Project): Iterable<RuleFinding>;
}
