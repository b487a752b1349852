import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export const projectDirectory = fileURLToPath(new URL('..', import.meta.url));
export const run = promisify(execFile);

/** The program as users start it, built if it is not (`npm test` builds it anew). */
export async function builtProgram(): Promise<string> {
  if (!existsSync(`${projectDirectory}dist/program/main.js`))
    await run('npm', ['run', 'build'], { cwd: projectDirectory });
  return `${projectDirectory}bin/flagstaff.js`;
}
