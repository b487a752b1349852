import type { Delta } from '../diff/delta.js';
import { type Line, outline } from '../diff/outline.js';
import type { Project } from '../project/project.js';

/**
 * What a delta says of its changes, for the message of a commit about `key`: its own first. What is so in every
 * environment that is not protected goes without their names.
 */
export function messageWords(delta: Delta, key: string, project: Project): string[] {
  const entries = outline(delta).filter(({ lines }) => lines.length > 0);
  const own = entries.filter((entry) => entry.key === key);
  const others = entries.filter((entry) => entry.key !== key);
  const words = (line: Line) => lineWords(line, project);
  return [
    ...own.flatMap(({ lines }) => lines.map(words)),
    ...others.flatMap((entry) => entry.lines.map((line) => `${entry.key}: ${words(line)}`)),
  ];
}

function lineWords({ environments, text }: Line, project: Project): string {
  const open = project.environments.filter((name) => !project.protectedEnvironments.has(name));
  const isEverywhere = environments.length === open.length && open.every((name) => environments.includes(name));
  return environments.length === 0 || isEverywhere ? text : `${environments.join(', ')}: ${text}`;
}
