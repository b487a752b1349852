import type { Project } from '../project/project.js';

export interface CodeownersOptions {
  /** The flags directory from the top of the git repository, with `/` at the end; empty when it is the top. */
  readonly prefix: string;
  /** Goes in front of owners that are neither `@…` nor an e-mail address: `@acme/`. */
  readonly organisation: string;
  /** Owns `flagstaff.yaml`, and with it the policy. */
  readonly policy?: string;
  /** Own what protected environments do. */
  readonly protectors?: string;
}

/** The lines of a CODEOWNERS file, and what could not be put there. The last line that fits a file counts. */
export interface Codeowners {
  readonly text: string;
  /** Files whose owner or path has no place in such a file. */
  readonly leftOut: readonly string[];
}

/** https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners */
export function codeowners(project: Project, options: CodeownersOptions): Codeowners {
  const owned = [...ownedFiles(project)].sort(([a], [b]) => (a < b ? -1 : 1));
  const policy = options.policy === undefined ? [] : [[project.config.file, options.policy] as const];
  const rows = [...owned, ...policy].map(([file, owner]) => [file, rowOf(file, owner, options)] as const);
  const guarded = options.protectors === undefined ? [] : guardLines(project, options.protectors, options);
  const lines = [...rows.map(([, row]) => row).filter((row) => row !== undefined), ...guarded];
  const leftOut = rows.filter(([, row]) => row === undefined).map(([file]) => file);
  return { text: ['# Written by `flagstaff codeowners`.', ...lines, ''].join('\n'), leftOut };
}

/** Flags, their override files, segments and groups that say who answers for them. */
function* ownedFiles({ flags, overrides, segments, groups }: Project): Generator<readonly [string, string]> {
  for (const objects of [flags, segments, groups]) {
    for (const { file, data } of objects.values()) if (data.owner !== undefined) yield [file, data.owner];
  }
  for (const { file, data } of overrides) {
    const owner = flags.get(data.flag)?.data.owner;
    if (owner !== undefined) yield [file, owner];
  }
}

function guardLines(project: Project, owner: string, options: CodeownersOptions): string[] {
  const names = [...project.protectedEnvironments];
  const rows = names.map((name) => rowOf(`**/*.${name}.override.yaml`, owner, options));
  return rows.filter((row) => row !== undefined);
}

function rowOf(file: string, owner: string, { prefix, organisation }: CodeownersOptions): string | undefined {
  const name = /^@|.@/.test(owner) ? owner : organisation + owner;
  const path = `/${prefix}${file}`;
  // Such a file knows no way to write these.
  if (!/^(@[\w.-]+(\/[\w.-]+)?|[^\s@#]+@[^\s@#]+)$/.test(name) || /[#[\]!?\\\p{Cc}]/u.test(path)) return undefined;
  return `${path.replaceAll(' ', '\\ ')} ${name}`;
}
