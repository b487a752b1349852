import type { ErrorCode } from '../model/evaluation.js';

/** Something that keeps a flag or segment from being evaluated. Made when it is compiled, thrown when it is met. */
export class Fault extends Error {
  readonly #code: ErrorCode;

  constructor(message: string, code: ErrorCode = 'GENERAL') {
    super(message);
    this.#code = code;
  }

  get code(): ErrorCode {
    return this.#code;
  }

  /** A thrown fault as it is; anything else comes from a context that could not be read. Runs no foreign code. */
  static from(thrown: unknown): Fault {
    return typeof thrown === 'object' && thrown !== null && #code in thrown ? thrown : UNREADABLE;
  }
}

const UNREADABLE = new Fault('reading the context failed', 'INVALID_CONTEXT');

/** The context is not an object. */
export const NO_OBJECT = new Fault('the context is not an object', 'INVALID_CONTEXT');
