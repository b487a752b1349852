import type { Comparison } from '../../model/condition.js';
import { Fault } from '../fault.js';
import { askFlag, type Reply } from '../other-flag.js';
import type { Decide } from '../run.js';
import { fail, type Question, type Scope, type Test, unparsable } from '../scope.js';
import { told } from '../words.js';
import { textsOf } from './operator.js';

export function inSegment({ value }: Comparison, scope: Scope): Question {
  const member = memberOf(value, scope);
  return { test: member, tell: (isMember) => told(isMember, `${isMember ? '' : 'not '}a member of \`${value}\``) };
}

export function notInSegment({ value }: Comparison, scope: Scope): Question {
  const member = memberOf(value, scope);
  return {
    test: (run) => !member(run),
    tell: (isNone) => told(isNone, `${isNone ? 'not ' : ''}a member of \`${value}\``),
  };
}

function memberOf(key: Comparison['value'], scope: Scope): Test {
  const member = typeof key === 'string' ? scope.segment(key) : unparsable('a segment is named by its key');
  return member instanceof Fault ? fail(member) : member;
}

/** That flag serves one of the variants; if it cannot be evaluated, neither can this. */
export function serves(comparison: Comparison, scope: Scope): Question {
  const { flag = '' } = comparison;
  const variants = textsOf(comparison);
  const ask = variants?.length ? askFlag(flag, variants, scope) : unparsable('`serves` names no variant');
  return {
    test: ask instanceof Fault ? fail(ask) : settled(ask),
    tell: (holds) => told(holds, `flag \`${flag}\` serves ${holds ? 'one of them' : 'none of them'}`),
  };
}

function settled(ask: Decide<Reply>): Test {
  return (run) => {
    const reply = ask(run);
    if (typeof reply !== 'boolean') throw new Fault(String(reply.error_message), reply.error_code);
    return reply;
  };
}
