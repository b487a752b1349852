import type { Code } from '../diagnostics/catalogue.js';
import type { Delta } from '../diff/delta.js';
import type { FlagVersions } from '../diff/flag.js';
import type { Snapshot } from '../model/snapshot.js';
import type { Project } from '../project/project.js';
import type { RuleFinding } from '../project/rule.js';

/** A flag repository that passed the gate, on one side of a proposed change. */
export interface ReviewSide {
  readonly project: Project;
  readonly snapshot: Snapshot;
  readonly flags: ReadonlyMap<string, FlagVersions>;
}

/** Which new flags have the key of one that there was before, in the history of the base. */
export interface FormerKeys {
  /** By key: the newest commit that touched the former flag. */
  readonly commits: ReadonlyMap<string, string>;
  /** Why there may be more, if there may. */
  readonly unknown?: string;
}

/** What a rule is told that knows both sides. */
export interface ReviewInput {
  readonly before: ReviewSide;
  readonly after: ReviewSide;
  /** The project by whose policy the change is judged: the base's. */
  readonly policy: Project;
  readonly delta: Delta;
  readonly formerKeys: FormerKeys;
  /** Who took responsibility for a great impact, if anybody did. */
  readonly acceptedBy: string | undefined;
  /** Milliseconds since 1970. */
  readonly now: number;
}

interface ReviewFinding extends RuleFinding {
  /** The file is one of the side before; after, if left out. */
  readonly side?: 'before';
}

/** One check that knows both sides; these live in rules/. A rule knows no other rule. */
export interface ReviewRule {
  readonly code: Code;
  check(input: ReviewInput): Iterable<ReviewFinding>;
}
