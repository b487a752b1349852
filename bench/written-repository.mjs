import { execFileSync, spawnSync } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { flagstaffRepository } from './generate.mjs';
import { writeFiles } from './serving.mjs';

/** Away from the settings of whoever runs it. */
export const ENVIRONMENT = {
  ...process.env,
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  // Nothing tidies up in the background while others are timed.
  GIT_CONFIG_COUNT: '1',
  GIT_CONFIG_KEY_0: 'gc.auto',
  GIT_CONFIG_VALUE_0: '0',
  GIT_AUTHOR_NAME: 'Bench',
  GIT_AUTHOR_EMAIL: 'bench@example.com',
  GIT_COMMITTER_NAME: 'Bench',
  GIT_COMMITTER_EMAIL: 'bench@example.com',
};

/** A repository with one commit, on `main`. @returns {string} the path of a flag in it */
export function makeRepository(directory, planned) {
  const files = flagstaffRepository(planned);
  writeFiles(directory, files);
  git(directory, 'init', '-q', '-b', 'main');
  git(directory, 'add', '-A');
  git(directory, 'commit', '-q', '-m', 'first');
  git(directory, 'gc', '-q');
  return files.find(({ path }) => path.endsWith('.flag.yaml')).path;
}

/** What a person does, without typing. */
export function commitLine(directory, path, line) {
  appendFileSync(join(directory, path), `${line}\n`);
  const { status } = spawnSync('git', ['commit', '-q', '-m', line, '--', path], { cwd: directory, env: ENVIRONMENT });
  if (status !== 0) throw new Error('git did not commit');
}

export function git(directory, ...args) {
  return execFileSync('git', args, { cwd: directory, env: ENVIRONMENT }).toString();
}
