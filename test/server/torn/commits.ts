import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { TestRepository } from '../../repository.js';

/** Path to text; what is not named stays. */
export type State = Readonly<Record<string, string>>;

const PREPARED = 'refs/prepared/all';

/**
 * Writes commits that follow each other from `main` on, all by one process. No branch leads to them yet.
 * @returns their ids, oldest first
 */
export async function prepareCommits(repository: TestRepository, states: readonly State[]): Promise<string[]> {
  const { dir: cwd, environment: env } = repository;
  const git = spawn('git', ['fast-import', '--quiet'], { cwd, env, stdio: ['pipe', 'ignore', 'inherit'] });
  const exited = once(git, 'exit');
  git.stdin.end(states.map(commit).join(''));
  const [code] = await exited;
  if (code !== 0) throw new Error(`git fast-import: ${code}`);
  return (await repository.git('rev-list', '--reverse', `main..${PREPARED}`)).split('\n');
}

const START = Date.parse('2026-02-01T00:00:00Z') / 1000;

/** In the words of `git fast-import`. */
function commit(state: State, index: number): string {
  const from = index === 0 ? 'from refs/heads/main^0\n' : '';
  const files = Object.entries(state).map(([path, text]) => `M 100644 inline ${path}\n${data(text)}`);
  const head = `commit ${PREPARED}\ncommitter Ada <ada@example.com> ${START + index} +0000\n`;
  return `${head}${data(`version ${index}`)}${from}${files.join('')}\n`;
}

function data(text: string): string {
  return `data ${Buffer.byteLength(text)}\n${text}\n`;
}
