import type { Evaluation } from '../model/evaluation.js';
import type { Flag } from '../model/flag.js';
import type { Segment } from '../model/segment.js';
import { failure } from './answers.js';
import { Fault } from './fault.js';
import { compileFlag } from './flag.js';
import { tellAnswer } from './flag-scope.js';
import type { Instrument } from './instrument.js';
import type { Notations } from './notations.js';
import { decideBelow, type Membership, onceAnswer, onceMember } from './once.js';
import type { Plan } from './plan.js';
import { type Decide, type Run, widen } from './run.js';
import { fail, type OtherFlag, type Scope, type Test, unparsable } from './scope.js';
import { compileSegment } from './segment.js';
import { told } from './words.js';

/** All that decides, compiled through one instrument. None of it throws. */
export interface Core {
  /** A flag that is asked for. */
  readonly flags: ReadonlyMap<string, Decide<Evaluation>>;
  /** The same, decided at most once in a run. */
  readonly flagsOnce: ReadonlyMap<string, Decide<Evaluation>>;
  /** Decided at most once in a run. */
  readonly segments: ReadonlyMap<string, Decide<Membership>>;
}

export function compileCore(plan: Plan, instrument: Instrument, notations: Notations): Core {
  const flags = new Map<string, Decide<Evaluation>>();
  const flagsOnce = new Map<string, Decide<Evaluation>>();
  const segments = new Map<string, Decide<Membership>>();
  const nodes: Decide<unknown>[] = [];
  for (const [key, { number, subject }] of plan.segments) {
    const once = onceMember(number, compileMember(subject, number));
    segments.set(key, once);
    nodes[number] = once;
  }
  for (const { number, subject } of plan.flags.values()) if (subject.state !== 'archived') addFlag(subject, number);
  return { flags, flagsOnce, segments };

  /** Compiled when it is asked for first, and put in its place: of ten thousand flags few are asked for soon. */
  function addFlag(flag: Flag, number: number): void {
    const compile = (run: Run): void => {
      const decide = compileAnswer(flag, number);
      place(flag.key, number, decide, onceAnswer(number, decide));
      widen(run);
    };
    place(
      flag.key,
      number,
      (run) => {
        compile(run);
        return (flags.get(flag.key) as Decide<Evaluation>)(run);
      },
      (run) => {
        compile(run);
        return (flagsOnce.get(flag.key) as Decide<Evaluation>)(run);
      },
    );
  }

  function place(key: string, number: number, decide: Decide<Evaluation>, once: Decide<Evaluation>): void {
    flags.set(key, decide);
    flagsOnce.set(key, once);
    nodes[number] = once;
  }

  function compileAnswer(flag: Flag, number: number): Decide<Evaluation> {
    const decide = instrument.compile(() => attempt(() => compileFlag(flag, scopeOf(number))));
    const guarded = guard(flag.key, inOrder(number, decide));
    return instrument.step(`flag ${flag.key}`, guarded, tellAnswer);
  }

  function compileMember(segment: Segment, number: number): Test {
    const test = instrument.compile(() => attempt(() => compileSegment(segment, scopeOf(number))));
    return instrument.step(`segment ${segment.key}`, inOrder(number, test), (member) => told(member, ''));
  }

  /** Where the chains below are long, dependencies are decided before: the stack stays short. */
  function inOrder<T>(number: number, decide: Decide<T>): Decide<T> {
    if (plan.before[number]?.length === 0) return decide;
    return (run) => {
      decideBelow(number, plan.before, nodes, run);
      return decide(run);
    };
  }

  function scopeOf(from: number): Scope {
    return {
      instrument,
      notations,
      attribute: plan.attributes.numberOf,
      flag: (key) => otherFlag(key, from),
      segment: (key) => otherSegment(key, from),
    };
  }

  function otherFlag(key: string, from: number): OtherFlag | Fault {
    const node = plan.flags.get(key);
    if (node === undefined) return new Fault(`there is no flag \`${key}\``);
    if (plan.isCyclic(from, node.number)) return new Fault(`flag \`${key}\` is reached in a circle`);
    return { flag: node.subject, answer: (run) => (nodes[node.number] as Decide<Evaluation>)(run) };
  }

  function otherSegment(key: string, from: number): Test | Fault {
    const node = plan.segments.get(key);
    if (node === undefined) return new Fault(`there is no segment \`${key}\``);
    if (plan.isCyclic(from, node.number)) return new Fault(`segment \`${key}\` is reached in a circle`);
    return (run) => {
      const member = (nodes[node.number] as Decide<Membership>)(run);
      if (typeof member !== 'boolean') throw member;
      return member;
    };
  }
}

/** A flag or segment that is not of its type decides nothing. */
function attempt<T>(compile: () => Decide<T>): Decide<T> {
  try {
    return compile();
  } catch {
    return fail(unparsable('the definition is malformed'));
  }
}

function guard(key: string, decide: Decide<Evaluation>): Decide<Evaluation> {
  return (run) => {
    try {
      return decide(run);
    } catch (thrown) {
      return failure(key, Fault.from(thrown));
    }
  };
}
