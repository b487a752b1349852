import type { Code } from '../diagnostics/catalogue.js';
import type { Finding } from '../diagnostics/diagnostic.js';
import type { Project } from './project.js';

/** What a rule is told beside the project. Time is an argument: gate rules never read it. */
export interface RuleInput {
  readonly project: Project;
  /** milliseconds since 1970 */
  readonly now: number;
}

/** One check. Gate rules live in project/rules/, advice in lint/rules/; a rule knows no other rule. */
export interface Rule {
  readonly code: Code;
  check(input: RuleInput): Iterable<Omit<Finding, 'code'>>;
}
