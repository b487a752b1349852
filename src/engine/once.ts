import type { Evaluation } from '../model/evaluation.js';
import { Fault } from './fault.js';
import type { Decide, Run } from './run.js';

/** Membership of a segment, or what keeps it from being decided. */
export type Membership = boolean | Fault;

/** Decides a flag at most once in a run. */
export function onceAnswer(node: number, decide: Decide<Evaluation>): Decide<Evaluation> {
  return (run) => {
    if (isDecided(run, node)) return run.answers[node] as Evaluation;
    const answer = decide(run);
    run.answers[node] = answer;
    markDecided(run, node);
    return answer;
  };
}

/** Decides membership at most once in a run; it throws nothing. */
export function onceMember(node: number, test: Decide<boolean>): Decide<Membership> {
  return (run) => {
    if (isDecided(run, node)) return run.members[node] as Membership;
    const member = attempt(test, run);
    run.members[node] = member;
    markDecided(run, node);
    return member;
  };
}

function attempt(test: Decide<boolean>, run: Run): Membership {
  try {
    return test(run);
  } catch (thrown) {
    return Fault.from(thrown);
  }
}

function isDecided(run: Run, node: number): boolean {
  return run.nodeStamps[node] === run.generation;
}

function markDecided(run: Run, node: number): void {
  run.nodeStamps[node] = run.generation;
}

/** What is decided before a node: deepest first, without recursion. */
export function decideBelow(
  node: number,
  before: readonly (readonly number[])[],
  decisions: readonly Decide<unknown>[],
  run: Run,
): void {
  const path = [{ node, cursor: 0 }];
  for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
    const next = before[top.node]?.[top.cursor];
    top.cursor += 1;
    if (next === undefined) {
      path.pop();
      if (top.node !== node) (decisions[top.node] as Decide<unknown>)(run);
    } else if (!isDecided(run, next)) path.push({ node: next, cursor: 0 });
  }
}
