import { readFile } from 'node:fs/promises';
import type { SourceFile } from '../syntax/source-file.js';

export type CiSystem = 'github' | 'gitlab';

/** Where the files of a CI system go, from the top of the repository, and the templates that they come from. */
const TEMPLATES: Readonly<Record<CiSystem, Readonly<Record<string, string>>>> = {
  github: {
    '.github/workflows/flagstaff.yml': 'github/flagstaff.yml',
    '.github/workflows/flagstaff-comment.yml': 'github/flagstaff-comment.yml',
  },
  gitlab: { 'flagstaff.gitlab-ci.yml': 'gitlab/flagstaff.gitlab-ci.yml' },
};

/**
 * The files that make a CI system check the flags in `flags`.
 *
 * @param flags the flag repository, from the top of the git repository, with `/`
 */
export function ciFiles(system: CiSystem, flags: string): Promise<SourceFile[]> {
  const named = Object.entries(TEMPLATES[system]);
  return Promise.all(named.map(async ([path, name]) => ({ path, text: forFlags(await template(name), flags) })));
}

function template(name: string): Promise<string> {
  return readFile(new URL(`../../templates/${name}`, import.meta.url), 'utf8');
}

/** In single quotes where the path is more than a plain word. */
function forFlags(text: string, flags: string): string {
  const value = /^[\w./-]+$/.test(flags) ? flags : `'${flags.replaceAll("'", "''")}'`;
  return text.replace(/^( *FLAGS: )flags$/m, (_, key: string) => key + value);
}
