import type { ErrorCode } from '../model/evaluation.js';

/** RFC 9457 problem details. */
export interface ProblemDetails {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  /** Stable, for machines. */
  readonly code: string;
  readonly errors?: readonly { readonly pointer: string; readonly message: string }[];
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
  method_not_allowed: { status: 405, title: 'This path has other methods' },
  payload_too_large: { status: 413, title: 'The request is too large' },
  uri_too_long: { status: 414, title: 'The URL is too long' },
  unsupported_media_type: { status: 415, title: 'The body is not JSON' },
  rate_limited: { status: 429, title: 'Too many requests' },
  internal_error: { status: 500, title: 'The server made a mistake' },
  too_many_streams: { status: 503, title: 'All streams are taken' },
  unavailable: { status: 503, title: 'This cannot be told now' },
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
  const { errors } = problem.extra;
  return {
    type: 'about:blank',
    title,
    status,
    detail: problem.detail,
    code: problem.code,
    ...(errors === undefined ? {} : { errors }),
  };
}
