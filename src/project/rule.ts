import type { Code } from '../diagnostics/catalogue.js';
import type { Finding } from '../diagnostics/diagnostic.js';
import type { Project } from './project.js';

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

/** One check of the gate; these live in project/rules/. It is told no time: what passes today passes for ever. */
export interface GateRule {
  readonly code: Code;
  check(project: Project): Iterable<RuleFinding>;
}
