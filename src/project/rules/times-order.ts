import { child } from '../../diagnostics/pointer.js';
import { parseInstant } from '../../engine/instant.js';
import { behaviourIn } from '../behaviour.js';
import type { Part, Project } from '../project.js';
import type { RuleFinding, SubjectRule } from '../rule.js';

/** Of a part by itself, and of what an environment makes of it together with the flag's own. */
export const timesOrder: SubjectRule = {
  code: 'arithmetic/times-order',
  *check({ parts }, project) {
    for (const part of parts) {
      const { starts_at, expires_at } = part.behaviour;
      if (starts_at == null && expires_at == null) continue;
      if (isDisordered(timesOf(project, part))) yield disorder(part);
    }
  },
};

interface Times {
  readonly starts_at?: string | null;
  readonly expires_at?: string | null;
}

function timesOf(project: Project, part: Part): Times {
  if (part.environment === undefined) return part.behaviour;
  return behaviourIn(project, part.flag.data.key, part.environment);
}

function isDisordered({ starts_at, expires_at }: Times): boolean {
  const [start, end] = [parseInstant(starts_at ?? ''), parseInstant(expires_at ?? '')];
  return start !== undefined && end !== undefined && start >= end;
}

/** Told at the end of the time, or at its beginning where only that is given. */
function disorder({ behaviour, file, pointer, environment }: Part): RuleFinding {
  const key = behaviour.expires_at == null ? 'starts_at' : 'expires_at';
  return {
    file,
    pointer: child(pointer, key),
    message: `the flag expires before it starts${environment === undefined ? '' : ` in \`${environment}\``}`,
    help: 'let `starts_at` be before `expires_at`',
  };
}
