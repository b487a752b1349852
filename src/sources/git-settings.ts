import { devNull } from 'node:os';

/** The variables that git and what it starts may see; `PATH` and `HOME` are among them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Every setting that makes git run a program while it reads, at a value that runs nothing, or only what git itself
 * would run where nothing is set. `-c` outranks the repository's configuration.
 */
export const HARMLESS: readonly string[] = [
  'core.fsmonitor=false',
  `core.hooksPath=${devNull}`,
  'core.sshCommand=ssh',
  'core.askPass=',
  'core.pager=cat',
  'credential.helper=',
  'diff.external=',
  'diff.relative=false',
  'gpg.program=gpg',
  'gpg.openpgp.program=gpg',
  'gpg.x509.program=gpgsm',
  'gpg.ssh.program=ssh-keygen',
  'log.showSignature=false',
  'log.showRoot=true',
  'protocol.allow=never',
  'trailer.separators=:',
];

/** What git leaves to those it starts (a hook, say) and what would lead it elsewhere or change what it prints. */
const DROPPED: ReadonlySet<string> = new Set([
  'GIT_DIR',
  'GIT_WORK_TREE',
  'GIT_COMMON_DIR',
  'GIT_INDEX_FILE',
  'GIT_PREFIX',
  'GIT_NAMESPACE',
  'GIT_GRAFT_FILE',
  'GIT_SHALLOW_FILE',
  'GIT_CONFIG',
  'GIT_CONFIG_PARAMETERS',
  'GIT_DIFF_OPTS',
  'GIT_EXTERNAL_DIFF',
  'GIT_LITERAL_PATHSPECS',
  'GIT_GLOB_PATHSPECS',
  'GIT_NOGLOB_PATHSPECS',
  'GIT_ICASE_PATHSPECS',
]);

/** A repository is read as it is: without replacement objects, without fetching what a partial clone left out. */
const ADDED: Environment = {
  LC_ALL: 'C',
  GIT_ALLOW_PROTOCOL: 'none',
  GIT_NO_LAZY_FETCH: '1',
  GIT_NO_REPLACE_OBJECTS: '1',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_PAGER: 'cat',
  GIT_TERMINAL_PROMPT: '0',
};

/** Without what would lead git elsewhere, and with what keeps it from doing more than it is told. */
export function harmlessEnvironment(environment: Environment): Record<string, string> {
  const kept = Object.entries({ ...environment, ...ADDED }).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !DROPPED.has(entry[0]),
  );
  return Object.fromEntries(kept);
}
