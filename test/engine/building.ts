import { createEvaluator } from '../../src/engine/evaluator.js';
import type { Comparison, Condition } from '../../src/model/condition.js';
import type { Evaluator } from '../../src/model/evaluation.js';
import type { Flag, Rule, Split } from '../../src/model/flag.js';
import type { Segment } from '../../src/model/segment.js';
import { fillFlag, fillSegment } from '../conformance/load.js';

export const NOW = Date.parse('2026-07-01T12:00:00Z');

/** A boolean flag with the defaults of the format. */
export function flag(key: string, more: Partial<Flag> = {}): Flag {
  return fillFlag({ key, type: 'boolean', default: 'off', ...more });
}

export function segment(key: string, more: Partial<Segment> = {}): Segment {
  return fillSegment({ key, ...more });
}

export function evaluatorOf(flags: readonly Flag[], segments: readonly Segment[] = []): Evaluator {
  return createEvaluator({ environment: 'test', flags, segments });
}

export function rule(...conditions: readonly Condition[]): Rule {
  return { name: 'r', conditions, serve: 'on' };
}

/** `split(['on', 50], ['off', 50])` */
export function split(...shares: readonly (readonly [string, number])[]): Split {
  return shares.map(([variant, percent]) => ({ variant, percent }));
}

/** Does a flag with this one condition serve `on`? */
export function holds(comparison: Comparison, context: object, now = NOW): boolean {
  const evaluator = evaluatorOf([flag('f', { rules: [rule(comparison)] })]);
  return evaluator.evaluate('f', { ...context }, now).variant === 'on';
}

/** A value that the types do not admit, as it might come from a file or over the wire. */
export function malformed<T>(value: unknown): T {
  return value as T;
}
