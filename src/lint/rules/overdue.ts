import { child } from '../../diagnostics/pointer.js';
import { parseInstant } from '../../engine/instant.js';
import type { Part } from '../../project/project.js';
import type { Rule, RuleFinding } from '../../project/rule.js';
import { isSnoozed } from '../snooze.js';
import { activeFlags } from '../standing.js';

export const overdue: Rule = {
  code: 'hygiene/overdue',
  *check({ project, now }) {
    for (const { file, data } of activeFlags(project)) {
      if (isSnoozed(data, now)) continue;
      if (isPast(data.remove_by, now)) yield removeBy(file, data.remove_by);
      for (const part of project.partsOf.get(data.key) ?? []) {
        if (isPast(part.behaviour.expires_at, now)) yield expired(part);
      }
    }
  },
};

function isPast(time: string | null | undefined, now: number): time is string {
  const instant = typeof time === 'string' ? parseInstant(time) : undefined;
  return instant !== undefined && instant <= now;
}

function removeBy(file: string, time: string): RuleFinding {
  return {
    file,
    pointer: '/remove_by',
    message: `the flag should have been gone by ${time}`,
    help: 'remove it from the code and archive it, or `snooze` it with a reason',
  };
}

function expired({ file, pointer, behaviour }: Part): RuleFinding {
  return {
    file,
    pointer: child(pointer, 'expires_at'),
    message: `the flag expired at ${behaviour.expires_at}: everyone gets \`off_variant\``,
    help: 'remove it from the code and archive it, or `snooze` it with a reason',
  };
}
