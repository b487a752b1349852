import { Refusal } from '../diagnostics/refusal.js';
import type { Assignment } from '../write/at-path.js';
import { parsePair, parsePath, parseValue } from './value-input.js';

export interface AssignmentOptions {
  /** `PATH=VALUE` */
  readonly assignment?: readonly string[];
  readonly unset?: readonly string[];
}

/** @throws Refusal when nothing is asked for */
export function assignmentsOf({ assignment = [], unset = [] }: AssignmentOptions): Assignment[] {
  if (assignment.length + unset.length === 0) {
    throw new Refusal('invalid-argument', 'say what to set', { help: 'for example `owner=team-web`' });
  }
  const set = assignment.map((text) => {
    const [path, value] = parsePair(text, 'owner=team-web');
    return { path: parsePath(path), value: parseValue(value) };
  });
  return [...set, ...unset.map((path) => ({ path: parsePath(path), value: undefined }))];
}
