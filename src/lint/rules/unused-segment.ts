import type { Project } from '../../project/project.js';
import type { Rule } from '../../project/rule.js';
import { isComplete } from '../complete.js';

export const unusedSegment: Rule = {
  code: 'hygiene/unused-segment',
  *check({ project }) {
    if (!isComplete(project)) return;
    const used = usedSegments(project);
    for (const [key, { file }] of project.segments) {
      if (used.has(key)) continue;
      yield { file, pointer: '/key', message: `nothing uses segment \`${key}\``, help: 'use it or remove the file' };
    }
  },
};

function usedSegments({ comparisons, segments }: Project): Set<string> {
  const used = new Set<string>();
  for (const { comparison } of comparisons) {
    if (comparison.operator.endsWith('in_segment')) used.add(String(comparison.value));
  }
  for (const { data } of segments.values()) {
    if (data.parent !== undefined) used.add(data.parent);
  }
  return used;
}
