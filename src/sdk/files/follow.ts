import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { Refusal } from '../../diagnostics/refusal.js';
import { createEvaluator } from '../../engine/evaluator.js';
import { compile } from '../../project/compile.js';
import { readAtRest, type StateAtRest } from '../../sources/at-rest.js';
import { watchDirectory } from '../../sources/watch.js';
import type { ClientError } from '../flag-client.js';
import { type Standing, standingOf } from '../standing.js';

/** Who is told of what the files say. */
export interface Follower {
  adopt(standing: Standing): void;
  fail(error: ClientError): void;
}

export interface FollowOptions {
  readonly environment: string | undefined;
  readonly watch: boolean;
}

export interface Follow {
  close(): Promise<void>;
}

/** Reads the flags of a directory, and again whenever they have changed. Never rejects. */
export async function followFiles(root: string, options: FollowOptions, follower: Follower): Promise<Follow> {
  let last = Promise.resolve();
  // One look after the other: what was read first never replaces what was read last.
  const look = () => {
    last = last.then(() => lookAt(root, options.environment, follower));
    return last;
  };
  const watching = options.watch ? await watched(root, look, follower) : undefined;
  await look();
  return { close: async () => watching?.close() };
}

/** Where nothing can be watched there is nothing to read either, and that is what will be told. */
async function watched(root: string, look: () => Promise<void>, follower: Follower): Promise<Follow | undefined> {
  const failed = (error: Error) => follower.fail({ code: 'files', message: error.message });
  return watchDirectory(root, { changed: look, failed }).catch(() => undefined);
}

async function lookAt(root: string, environment: string | undefined, follower: Follower): Promise<void> {
  try {
    const found = standingFor(await readAtRest(root), environment);
    if ('code' in found) follower.fail(found);
    else follower.adopt(found);
  } catch (thrown) {
    const message = thrown instanceof Refusal ? thrown.message : `the flags in \`${root}\` cannot be read: ${thrown}`;
    follower.fail({ code: 'files', message });
  }
}

function standingFor({ files, version }: StateAtRest, environment: string | undefined): Standing | ClientError {
  const { snapshot, diagnostics } = compile(files);
  if (snapshot === undefined) return { code: 'files', message: problems(diagnostics) };
  const { settings } = snapshot;
  const definitions = snapshot.definitions.get(environment ?? settings.defaultEnvironment);
  if (definitions !== undefined)
    return standingOf(definitions, createEvaluator(definitions), { version, source: 'files' });
  const there = settings.environments.map((name) => `\`${name}\``).join(', ');
  return { code: 'options', message: `there is no environment \`${environment}\`; there are ${there}` };
}

function problems([first, ...others]: readonly Diagnostic[]): string {
  if (first === undefined) return 'the flags do not pass the gate';
  const { file, range, message } = first;
  const more = others.length === 0 ? '' : ` (and ${others.length} more: \`flagstaff lint\` shows them)`;
  return `${file}:${range.start.line}:${range.start.column}: ${message}${more}`;
}
