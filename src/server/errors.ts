import type { Socket } from 'node:net';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Refusal } from '../diagnostics/refusal.js';
import { methodsOf } from './methods.js';
import { ofrepFailure } from './ofrep/failure.js';
import { Problem, type ProblemCode, problemDetails } from './problem.js';

/** Every "no" is problem details; below `/ofrep/` it is what OFREP calls a failure. */
export function answerErrors(app: FastifyInstance): void {
  app.setErrorHandler(sendError);
  const methods = methodsOf(app);
  app.setNotFoundHandler((request, reply) => {
    const path = pathOf(request);
    const allowed = methods(path);
    const said = `there is no ${request.method} ${path}`;
    if (allowed.length === 0) return sendProblem(new Problem('not_found', said), request, reply);
    reply.header('allow', allowed.join(', '));
    return sendProblem(new Problem('method_not_allowed', `${said}, but ${allowed.join(', ')}`), request, reply);
  });
}

export function sendError(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const problem = problemOf(error);
  if (problem.code === 'internal_error') request.log.error({ err: error, route: request.routeOptions.url }, 'a bug');
  sendProblem(problem, request, reply);
}

function sendProblem(problem: Problem, request: FastifyRequest, reply: FastifyReply): void {
  const { retryAfter } = problem.extra;
  if (retryAfter !== undefined) reply.header('retry-after', String(Math.max(1, Math.ceil(retryAfter))));
  if (problem.code === 'unauthorized') reply.header('www-authenticate', 'Bearer');
  reply.status(problem.status);
  if (pathOf(request).startsWith('/ofrep/'))
    reply.type('application/json; charset=utf-8').send(ofrepFailure(problem, keyOf(request)));
  else reply.type('application/problem+json; charset=utf-8').send(JSON.stringify(problemDetails(problem)));
}

function pathOf({ raw }: FastifyRequest): string {
  return (raw.url ?? '').replace(/\?.*$/s, '');
}

function keyOf({ params }: FastifyRequest): string | undefined {
  const { key } = (params ?? {}) as { readonly key?: string };
  return key;
}

function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof Refusal)
    return new Problem(error.code === 'not-found' ? 'not_found' : 'unavailable', error.message);
  const { code = '', statusCode = 500, message } = error as FastifyError;
  const known = KNOWN[code];
  if (known !== undefined) return new Problem(...known);
  if (statusCode >= 400 && statusCode < 500) return new Problem('invalid_request', message);
  return new Problem('internal_error', 'this is a bug in flagstaff; the log of the server tells more');
}

/** What the framework refuses, by the code it gives. */
const KNOWN: Readonly<Record<string, readonly [ProblemCode, string]>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: ['payload_too_large', 'the body is too large'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ['unsupported_media_type', 'send `Content-Type: application/json`'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: ['invalid_request', 'the body is not as long as `Content-Length` says'],
  FST_ERR_BAD_URL: ['invalid_request', 'the URL has a malformed %-escape'],
  FST_ERR_MAX_PARAM_LENGTH: ['not_found', 'a part of the URL is longer than any key'],
};

const MALFORMED: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
};

/** What is no HTTP at all gets one answer, and the connection is closed. */
export function answerMalformed(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const status = MALFORMED[error.code ?? ''] ?? '400 Bad Request';
  const title = status.slice(4);
  const body = JSON.stringify({
    type: 'about:blank',
    title,
    status: Number(status.slice(0, 3)),
    code: 'malformed_http',
    detail: 'the request is not well-formed HTTP, or too large, or too slow',
  });
  const head = [
    'Content-Type: application/problem+json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  socket.end(`HTTP/1.1 ${status}\r\n${head.join('\r\n')}\r\n\r\n${body}`);
}
