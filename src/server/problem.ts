import type { ErrorCode } from '../model/evaluation.js';

/** One thing that is wrong with a request. */
export interface ProblemEntry {
  /** JSON Pointer into the body; the name of a parameter after `/`. */
  readonly pointer: string;
  readonly message: string;
  /** Of the diagnostic, where it is one. */
  readonly code?: string;
  /** What to do. */
  readonly help?: string;
  /** The file that it shows in, where that is not what the request is about. */
  readonly file?: string;
}

/** RFC 9457 problem details. */
export interface ProblemDetails {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  /** Stable, for machines. */
  readonly code: string;
  readonly help?: string;
  readonly errors?: readonly ProblemEntry[];
}

/** Every `code` that a problem may have, with its status and title. */
export const problems = {
  invalid_request: { status: 400, title: 'The request is not valid' },
  unauthorized: { status: 401, title: 'A key is needed' },
  forbidden: { status: 403, title: 'This key may not do that' },
  foreign_origin: { status: 403, title: 'The request comes from another site' },
  not_found: { status: 404, title: 'There is no such thing' },
  flag_not_found: { status: 404, title: 'There is no such flag' },
  segment_not_found: { status: 404, title: 'There is no such segment' },
  group_not_found: { status: 404, title: 'There is no such group' },
  proposal_not_found: { status: 404, title: 'There is no such proposal' },
  writing_off: { status: 403, title: 'This server does not write' },
  already_exists: { status: 409, title: 'The key is taken' },
  immutable: { status: 409, title: 'This never changes' },
  has_dependents: { status: 409, title: 'Others depend on it' },
  not_editable: { status: 409, title: 'The file must be changed by hand' },
  test_failed: { status: 409, title: 'It is not as the patch expects' },
  too_late: { status: 409, title: 'It is in the repository by now' },
  uncommitted: { status: 409, title: 'The files have changes that are not committed' },
  rejected: { status: 409, title: 'The repository said no' },
  precondition_failed: { status: 412, title: 'Somebody else has changed it' },
  method_not_allowed: { status: 405, title: 'This path has other methods' },
  payload_too_large: { status: 413, title: 'The request is too large' },
  uri_too_long: { status: 414, title: 'The URL is too long' },
  unsupported_media_type: { status: 415, title: 'The body is not JSON' },
  rate_limited: { status: 429, title: 'Too many requests' },
  internal_error: { status: 500, title: 'The server made a mistake' },
  too_many_streams: { status: 503, title: 'All streams are taken' },
  unavailable: { status: 503, title: 'This cannot be told now' },
  contended: { status: 503, title: 'Too many write at once' },
  remote_unavailable: { status: 503, title: 'The remote cannot be reached' },
  unwritable: { status: 503, title: 'The repository cannot be written' },
  outcome_unknown: { status: 504, title: 'Nobody knows whether it was written' },
  not_ready: { status: 503, title: 'No flags are served yet' },
  reload_refused: { status: 409, title: 'The new revision was refused' },
  fetch_failed: { status: 502, title: 'The remote could not be fetched' },
} as const satisfies Record<string, { status: number; title: string }>;

export type ProblemCode = keyof typeof problems;

/** What a route throws to say no; the server turns it into problem details. */
export class Problem extends Error {
  override readonly name = 'Problem';

  constructor(
    readonly code: ProblemCode,
    readonly detail: string,
    readonly extra: {
      readonly errors?: ProblemDetails['errors'];
      /** What to do. */
      readonly help?: string;
      /** More members of the answer. */
      readonly members?: Readonly<Record<string, unknown>>;
      /** seconds */
      readonly retryAfter?: number;
      /** What OFREP clients are told. */
      readonly errorCode?: ErrorCode;
    } = {},
  ) {
    super(detail);
  }

  get status(): number {
    return problems[this.code].status;
  }
}

/** The body of a problem answer. */
export function problemDetails(problem: Problem): ProblemDetails {
  const { status, title } = problems[problem.code];
  const { errors, help, members } = problem.extra;
  return {
    type: 'about:blank',
    title,
    status,
    detail: problem.detail,
    code: problem.code,
    ...(help === undefined ? {} : { help }),
    ...members,
    ...(errors === undefined ? {} : { errors }),
  };
}
