import type { Finding } from '../diagnostics/diagnostic.js';
import { Memo } from './memo.js';
import { facesFor, facesOf } from './names.js';
import type { Project, Subject } from './project.js';
import { subjectRules, wholeRules } from './rules/index.js';

/** What the gate says of a project whose files are each sound. */
export function judge(project: Project): Finding[] {
  const terms = termsOf(project);
  const findings: Finding[] = [];
  for (const subject of project.subjects) findings.push(...judgeSubject(subject, project, terms));
  for (const { code, check } of wholeRules) for (const finding of check(project)) findings.push({ code, ...finding });
  return findings;
}

/** What a judgement depends on besides the subject and the faces of those it names. */
interface Terms {
  readonly settings: readonly unknown[];
  /** The same as long as the settings and the faces of all are. */
  readonly token: readonly unknown[];
}

const tokens = new Memo<Project['config'], readonly unknown[]>();

function termsOf(project: Project): Terms {
  const { config, environments, protectedEnvironments } = project;
  const settings = [config, environments, [...protectedEnvironments]];
  const inputs = [settings, facesOf(project)];
  return { settings, token: tokens.recall(config, inputs) ?? tokens.keep(config, inputs, [{}]) };
}

const NOTHING: readonly Finding[] = [];

const soundAtOnce = new Memo<Subject, true>();
const sound = new Memo<Subject, true>();

/**
 * Remembered is only that there is nothing to tell: that depends on the subject, on the settings and on the faces of
 * those it names. What there is to tell is told anew, since it may speak of anything (of the nearest key, say).
 */
function judgeSubject(subject: Subject, project: Project, { settings, token }: Terms): readonly Finding[] {
  if (soundAtOnce.recall(subject, token)) return NOTHING;
  const inputs = [settings, facesFor(subject, project)];
  const findings = sound.recall(subject, inputs) ? NOTHING : findingsOf(subject, project);
  if (findings.length > 0 || subject.tests !== undefined) return findings;
  soundAtOnce.keep(subject, token, true);
  sound.keep(subject, inputs, true);
  return NOTHING;
}

function findingsOf(subject: Subject, project: Project): Finding[] {
  return subjectRules.flatMap(({ code, check }) => {
    return Array.from(check(subject, project), (finding) => ({ code, ...finding }));
  });
}
