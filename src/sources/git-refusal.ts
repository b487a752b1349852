import { Refusal, type RefusalCode } from '../diagnostics/refusal.js';

/** What git says, what it stands for, and what to do about it. The first that fits counts. */
const COMPLAINTS: readonly {
  readonly says: RegExp;
  readonly code: RefusalCode;
  readonly message: (directory: string) => string;
  readonly help: (directory: string, said: string) => string;
}[] = [
  {
    says: /ENOENT/,
    code: 'git-missing',
    message: () => 'cannot run `git`: it is not installed, or not on the PATH',
    help: () => 'install git 2.31 or later',
  },
  {
    says: /directory that does not exist/,
    code: 'not-a-directory',
    message: (directory) => `there is no directory \`${directory}\``,
    help: () => 'name the directory of the flag repository with `-C DIR`',
  },
  {
    says: /dubious ownership|unsafe repository/,
    code: 'dubious-ownership',
    message: (directory) => `git refuses to read \`${directory}\`: it belongs to another user`,
    // The top of the repository counts, and git names it.
    help: (directory, said) =>
      `if you trust it: \`git config --global --add safe.directory ${/ at '(.+)'/.exec(said)?.[1] ?? directory}\``,
  },
  {
    says: /unknown repository extension/,
    code: 'git-too-old',
    message: (directory) => `git is too old to read \`${directory}\``,
    help: (_, said) =>
      `install a newer git; this one does not know \`${/found:\s*(\S+)/.exec(said)?.[1] ?? 'its extensions'}\``,
  },
  {
    says: /not a git repository|must be run in a work tree|invalid gitfile format/,
    code: 'not-a-git-repository',
    message: (directory) => `\`${directory}\` is not in a git repository`,
    help: () => 'history needs git: run `git init` and commit the flags, or name another directory with `-C DIR`',
  },
  {
    says: /promisor|missing blob|missing tree|unable to read|bad object|could not fetch|transport .* not allowed/,
    code: 'incomplete',
    message: (directory) => `objects are missing from the git repository of \`${directory}\``,
    help: () => 'a partial clone lacks files: fetch them with `git fetch --refetch --no-filter`, or clone it whole',
  },
];

/** The world's "no" as git told it. A refusal stays what it is. */
export function gitRefusal(error: unknown, directory: string): Refusal {
  if (error instanceof Refusal) return error;
  const text = error instanceof Error ? error.message : String(error);
  const complaint = COMPLAINTS.find(({ says }) => says.test(text));
  if (complaint === undefined) return new Refusal('git-failed', `git failed: ${firstLine(text)}`, { cause: error });
  const { code, message, help } = complaint;
  return new Refusal(code, message(directory), { help: help(directory, text), cause: error });
}

function firstLine(text: string): string {
  const line = text.split('\n').find((candidate) => candidate.trim() !== '') ?? 'it did not say why';
  return line.replace(/^(fatal|error): /, '');
}
