import { evaluatorFor } from './engine/evaluator.js';
import type { Context } from './model/context.js';
import type { Evaluation } from './model/evaluation.js';
import type { Json } from './model/json.js';
import type { Snapshot } from './model/snapshot.js';

export type { Code } from './diagnostics/catalogue.js';
export type { Diagnostic, Position, Range, Related, Severity } from './diagnostics/diagnostic.js';
export { Refusal, type RefusalCode } from './diagnostics/refusal.js';
export { type LintReport, type LintSummary, lintExitCode } from './diagnostics/report.js';
export { createEvaluator } from './engine/evaluator.js';
export { type LintOptions, lint } from './lint/lint.js';
export type * from './model/condition.js';
export type { AttributeType, Context } from './model/context.js';
export type { Definitions } from './model/definitions.js';
export type { ErrorCode, Evaluation, Evaluator, Explanation, Reason, Trace } from './model/evaluation.js';
export type {
  Audience,
  Experiment,
  Flag,
  FlagState,
  FlagType,
  Prerequisite,
  Purpose,
  Rollout,
  Rule,
  Share,
  Slot,
  Split,
  Step,
} from './model/flag.js';
export type { Group } from './model/group.js';
export type { Json, JsonObject } from './model/json.js';
export type { Segment } from './model/segment.js';
export type { Attribute, Settings, Snapshot } from './model/snapshot.js';
export { type Compilation, compile } from './project/compile.js';
export { readDirectory } from './sources/directory.js';
export type { SourceFile } from './syntax/source-file.js';

export interface EvaluateOptions {
  /** milliseconds since 1970; the engine has no clock of its own */
  readonly now: number;
  /** The default environment of the project, if left out. */
  readonly environment?: string;
  /** The value where no variant is served. */
  readonly default?: Json;
}

/**
 * Evaluates one flag. Pure and synchronous; never throws: what goes wrong is an answer with an `error_code`.
 * For many contexts, `createEvaluator(snapshot.definitions.get(environment))` spares a look-up each.
 */
export function evaluate(
  snapshot: Snapshot,
  flag: string,
  context: Context | undefined,
  options: EvaluateOptions,
): Evaluation {
  const environment = options.environment ?? snapshot.settings.defaultEnvironment;
  const definitions = snapshot.definitions.get(environment);
  const evaluation =
    definitions === undefined
      ? unknownEnvironment(flag, environment)
      : evaluatorFor(definitions).evaluate(flag, context, options.now);
  if (evaluation.variant !== null || options.default === undefined) return evaluation;
  return Object.freeze({ ...evaluation, value: options.default });
}

function unknownEnvironment(flag: string, environment: string): Evaluation {
  return Object.freeze({
    flag,
    value: undefined,
    variant: null,
    reason: 'ERROR_FALLBACK',
    error_code: 'GENERAL',
    error_message: `there is no environment \`${environment}\``,
  });
}
