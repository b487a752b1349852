import type { FastifyInstance } from 'fastify';
import { child } from '../../diagnostics/pointer.js';
import type { Json, JsonObject } from '../../model/json.js';
import { isList, isObject } from '../../syntax/render.js';
import type { Desk } from '../desk.js';
import { Problem } from '../problem.js';
import { queryOf } from '../routes/query.js';
import { answerAll } from './answer.js';
import type { Act, Change } from './change.js';
import { refuse } from './mistakes.js';
import { collectionOf, NOUNS, type Noun } from './noun.js';
import { reasonInBody } from './reason.js';
import { proposalIn, refuseHeader, refuseIfNoneMatch, WRITE_QUERY } from './request.js';
import { write } from './write.js';

/** Changes in one commit. */
const MOST = 100;

/** `POST /changes`: several changes, all of them or none. Each is written as the request it would be by itself. */
export function addChangesRoute(app: FastifyInstance, desk: Desk): void {
  app.post('/changes', { config: { access: ['admin'], isExact: true } }, async (request, reply) => {
    refuseHeader(request, 'If-Match', 'give each change its own `if_match`');
    refuseIfNoneMatch(request);
    const query = queryOf(request, WRITE_QUERY);
    const { body, ...why } = reasonInBody(request.body as Json, query);
    const changes = changesIn(body);
    return answerAll(reply, await write(desk, request, { changes, ...why, ...proposalIn(query) }));
  });
}

function changesIn(body: Json): Change[] {
  const { changes, ...others } = isObject(body) ? body : {};
  const [unknown] = Object.keys(others);
  if (unknown !== undefined)
    refuse([{ pointer: child('', unknown), message: 'is unknown; there are changes, reason' }]);
  if (changes === undefined || !isList(changes) || changes.length === 0) {
    refuse([{ pointer: '/changes', message: 'must be a list of changes' }]);
  }
  if (changes.length > MOST) refuse([{ pointer: '/changes', message: `must have at most ${MOST} entries` }]);
  return changes.map((change, index) => changeIn(change, child('/changes', index)));
}

const FIELDS = ['method', 'path', 'body', 'if_match'];

function changeIn(change: Json, at: string): Change {
  if (!isObject(change)) refuse([{ pointer: at, message: 'must be an object' }]);
  const unknown = Object.keys(change).find((name) => !FIELDS.includes(name));
  if (unknown !== undefined)
    refuse([{ pointer: child(at, unknown), message: `is unknown; there are ${FIELDS.join(', ')}` }]);
  const { if_match: ifMatch } = change;
  if (ifMatch !== undefined && typeof ifMatch !== 'string') {
    refuse([{ pointer: child(at, 'if_match'), message: 'must be an ETag' }]);
  }
  const target = targetOf(change, at);
  if (ifMatch !== undefined && target.act.kind === 'create') {
    refuse([{ pointer: child(at, 'if_match'), message: 'says nothing here: what is created has no revision yet' }]);
  }
  return { ...target, ...(ifMatch !== undefined && { ifMatch }), at: child(at, 'body') };
}

const FORM = /^\/(flags|segments|groups)(?:\/([^/?#]+)(\/restore)?)?$/;

function targetOf({ method, path, body }: JsonObject, at: string): Pick<Change, 'noun' | 'key' | 'act'> {
  const [, collection, encoded, restore] = FORM.exec(typeof path === 'string' ? path : '') ?? [];
  const noun = NOUNS.find((one) => collectionOf(one) === collection);
  if (noun === undefined) refuse([{ pointer: child(at, 'path'), message: 'must be a path such as `/flags/KEY`' }]);
  const key = encoded === undefined ? '' : decoded(encoded, at);
  const act = !isMethod(method)
    ? undefined
    : actOf(`${method}${encoded === undefined ? '' : ' key'}${restore ?? ''}`, noun, body);
  if (act === undefined) refuse([{ pointer: child(at, 'method'), message: `\`${method}\` is not for \`${path}\`` }]);
  refuseIdleBody(act, body, at);
  return { noun, key: key === '' && body !== undefined && isObject(body) ? String(body.key ?? '') : key, act };
}

function isMethod(method: Json | undefined): boolean {
  return ['POST', 'PUT', 'PATCH', 'DELETE'].some((one) => one === method);
}

function actOf(method: string, noun: Noun, body: Json = {}): Act | undefined {
  switch (method) {
    case 'POST':
      return { kind: 'create', body, directory: '' };
    case 'PUT key':
      return { kind: 'replace', body };
    case 'PATCH key':
      return { kind: isList(body) ? 'json-patch' : 'merge', body };
    case 'DELETE key':
      return { kind: noun === 'flag' ? 'archive' : 'remove' };
    case 'POST key/restore':
      return noun === 'flag' ? { kind: 'restore' } : undefined;
    default:
      return undefined;
  }
}

function refuseIdleBody(act: Act, body: Json | undefined, at: string): void {
  const takesBody = 'body' in act;
  if (takesBody === (body !== undefined)) return;
  refuse([{ pointer: child(at, 'body'), message: takesBody ? 'is missing' : 'must be left out' }]);
}

function decoded(text: string, at: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new Problem('invalid_request', 'a path has a malformed %-escape', {
      errors: [{ pointer: child(at, 'path'), message: 'has a malformed %-escape' }],
    });
  }
}
