import { type GitWriterOptions, gitWriter } from '../../src/write/git-writer.js';
import type { WritePlan, WriteRequest, Writer, WriteState } from '../../src/write/writer.js';
import type { TestRepository } from '../repository.js';

export const PROJECT = 'environments: [production]\n';

const ADA = { name: 'Ada', email: 'ada@example.com' };

/** A writer with times that a test can wait for. */
export function writerAt(repository: TestRepository, options: Partial<GitWriterOptions> = {}): Writer {
  return gitWriter({
    root: repository.dir,
    ref: 'main',
    timeout: 5000,
    environment: repository.environment,
    random: Math.random,
    lock: { lease: 300, wait: 1000 },
    ...options,
  });
}

export function request(plan: WriteRequest['plan'], more: Partial<WriteRequest> = {}): WriteRequest {
  return { plan, author: ADA, at: Date.parse('2026-06-01T12:00:00Z'), ...more };
}

export function textOf(state: WriteState, path: string): string | undefined {
  return state.files.find((file) => file.path === path)?.text;
}

/** Puts a line at the end of a file, which is made if need be. */
export function appending(path: string, line: string, more: Partial<WriteRequest> = {}): WriteRequest {
  return request((state) => {
    const before = textOf(state, path);
    const edit = { path, ...(before !== undefined && { before }), after: `${before ?? ''}${line}\n` };
    return { edits: [edit], message: `${path}: ${line}` };
  }, more);
}

/** Plans the same edits whatever there is. */
export function planning(edits: WritePlan['edits'], message = 'a change'): WriteRequest {
  return request(() => ({ edits, message }));
}

/** A refusal as a test sees it. */
export function refused(code: string, message?: RegExp) {
  return { name: 'Refusal', code, ...(message !== undefined && { message }) };
}
