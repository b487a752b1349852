import type { Finding } from '../diagnostics/diagnostic.js';
import { Memo } from './memo.js';
import { facesFor } from './names.js';
import type { Project, Subject } from './project.js';
import { subjectRules, wholeRules } from './rules/index.js';

/** What the gate says of a project whose files are each sound. */
export function judge(project: Project): Finding[] {
  const terms = [project.config, project.environments, [...project.protectedEnvironments]];
  const findings: Finding[] = [];
  for (const subject of project.subjects) findings.push(...judgeSubject(subject, project, terms));
  for (const { code, check } of wholeRules) for (const finding of check(project)) findings.push({ code, ...finding });
  return findings;
}

const NOTHING: readonly Finding[] = [];

const sound = new Memo<Subject, true>();

/**
 * Remembered is only that there is nothing to tell: that depends on the subject, on the settings and on the faces of
 * those it names. What there is to tell is told anew, since it may speak of anything (of the nearest key, say).
 */
function judgeSubject(subject: Subject, project: Project, terms: readonly unknown[]): readonly Finding[] {
  const inputs = [terms, facesFor(subject, project)];
  if (sound.recall(subject, inputs)) return NOTHING;
  const findings = subjectRules.flatMap(({ code, check }) => {
    return Array.from(check(subject, project), (finding) => ({ code, ...finding }));
  });
  if (findings.length === 0 && subject.tests === undefined) sound.keep(subject, inputs, true);
  return findings;
}
