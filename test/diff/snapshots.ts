import { expect } from 'vitest';
import type { Snapshot } from '../../src/model/snapshot.js';
import { compile } from '../../src/project/compile.js';

/** The flag repository that these files make: path to what stands in the file, as data. */
export type Files = Readonly<Record<string, unknown>>;

export const PROJECT: Files = { 'flagstaff.yaml': { environments: ['development', 'staging', 'production'] } };

/** JSON is YAML: files from data, compiled. The test fails when they do not pass the gate. */
export function snapshotOf(files: Files): Snapshot {
  const all = { ...PROJECT, ...files };
  const sources = Object.entries(all).map(([path, data]) => ({
    path,
    text: typeof data === 'string' ? data : JSON.stringify(data),
  }));
  const { snapshot, diagnostics } = compile(sources);
  expect(diagnostics).toEqual([]);
  if (!snapshot) throw new Error('there is no snapshot although nothing is wrong');
  return snapshot;
}

/** A boolean flag in a repository of its own. */
export function oneFlag(flag: object, more: Files = {}): Snapshot {
  return snapshotOf({ 'checkout.flag.yaml': { key: 'checkout', type: 'boolean', default: 'off', ...flag }, ...more });
}
