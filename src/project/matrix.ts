import { child } from '../diagnostics/pointer.js';
import type { Json } from '../model/json.js';
import type { WrittenCase } from './written.js';

/** A value of a test case, and where it is written. */
export interface Meant {
  readonly value: Json;
  readonly pointer: string;
}

const PLACEHOLDERS = /\{([^{}]+)\}/g;

/**
 * What a place of a case can stand for before it is run: itself; every value of the matrix where it is nothing but
 * `{name}`; nothing that is known yet where `{name}` is a part of it.
 * @param at where the case stands
 */
export function meantBy(one: WrittenCase, at: string, written: Meant): readonly Meant[] {
  const { value } = written;
  const matrix = one.matrix ?? {};
  const names = typeof value === 'string' ? [...value.matchAll(PLACEHOLDERS)].map(([, name = '']) => name) : [];
  const [name = '', ...more] = names.filter((candidate) => Object.hasOwn(matrix, candidate));
  if (name === '') return [written];
  if (more.length > 0 || value !== `{${name}}`) return [];
  return (matrix[name] ?? []).map((each, index) => ({ value: each, pointer: child(at, 'matrix', name, index) }));
}
