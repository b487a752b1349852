import { spawn } from 'node:child_process';

/** The variables that git and what it starts may see. */
export type Environment = Readonly<Record<string, string | undefined>>;

export interface GitAnswer {
  readonly ok: boolean;
  readonly output: string;
  /** What git, or a hook, had to say. */
  readonly complaint: string;
}

/**
 * Runs git for the user, as the user would: with their hooks, their signing and their editor's absence. That is what
 * a commit of theirs needs, and unlike reading it happens only in a repository that they work in. Nothing comes from
 * a shell, and what git started this process with (a hook does so) does not lead it to another repository.
 */
export type Git = (args: readonly string[], input?: string) => Promise<GitAnswer>;

const MISLEADING: ReadonlySet<string> = new Set([
  ...['GIT_DIR', 'GIT_WORK_TREE', 'GIT_COMMON_DIR', 'GIT_INDEX_FILE', 'GIT_PREFIX', 'GIT_NAMESPACE'],
  ...['GIT_GLOB_PATHSPECS', 'GIT_NOGLOB_PATHSPECS', 'GIT_ICASE_PATHSPECS'],
]);

export function userGit(directory: string, environment: Environment): Git {
  const env = Object.fromEntries(Object.entries(environment).filter(([name]) => !MISLEADING.has(name)));
  return (args, input = '') =>
    new Promise((resolve) => {
      const child = spawn('git', [...args], { cwd: directory, env, windowsHide: true });
      const output = collect(child.stdout);
      const complaint = collect(child.stderr);
      child.on('error', (error) => resolve({ ok: false, output: '', complaint: error.message }));
      child.on('close', (code) => resolve({ ok: code === 0, output: output(), complaint: complaint() }));
      child.stdin.on('error', () => undefined).end(input);
    });
}

function collect(stream: NodeJS.ReadableStream): () => string {
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  return () => Buffer.concat(chunks).toString('utf8').trim();
}
