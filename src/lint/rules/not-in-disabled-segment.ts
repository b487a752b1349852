import { child } from '../../diagnostics/pointer.js';
import type { Project } from '../../project/project.js';
import type { Rule, RuleFinding } from '../../project/rule.js';
import { conjunctions, type Literal, literals } from '../conjunctions.js';
import { lineageOf } from '../lineage.js';

export const notInDisabledSegment: Rule = {
  code: 'safety/not-in-disabled-segment',
  *check({ project }) {
    for (const conjunction of conjunctions(project)) {
      for (const literal of literals(conjunction)) {
        const cause = excludes(literal) ? disabledIn(project, String(literal.comparison.value)) : undefined;
        if (cause !== undefined) yield finding(literal, cause, project);
      }
    }
  },
};

/** Says `not_in_segment`, or `in_segment` under a `not`. */
function excludes({ comparison: { operator }, negated }: Literal): boolean {
  return operator === (negated ? 'in_segment' : 'not_in_segment');
}

/** The disabled segment that keeps this one from having members: itself or an ancestor. */
function disabledIn(project: Project, key: string): string | undefined {
  return lineageOf(project, key).find((segment) => project.segments.get(segment)?.data.enabled === false);
}

function finding({ comparison, file, pointer }: Literal, cause: string, { segments }: Project): RuleFinding {
  const segment = String(comparison.value);
  const why = segment === cause ? 'is disabled' : `has no members, because \`${cause}\` is disabled`;
  return {
    file,
    pointer: child(pointer, 'value'),
    message: `segment \`${segment}\` ${why}: everyone counts as outside it`,
    help: 'enable the segment, or remove the condition',
    related: [{ file: segments.get(cause)?.file ?? file, pointer: '/enabled', message: 'it is disabled here' }],
  };
}
