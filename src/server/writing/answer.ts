import type { FastifyReply } from 'fastify';
import type { Json, JsonObject } from '../../model/json.js';
import { formatEventId } from '../../wire/event-id.js';
import { orderedFields } from '../../write/fields.js';
import type { Served } from '../served.js';
import type { Applied, Revised } from './apply.js';
import { defaultValueOf } from './default-value.js';
import { collectionOf, type Noun } from './noun.js';
import type { Outcome } from './write.js';

/** An object as an admin reads it: as it is written, and what else there is to say. */
export function shown(noun: Noun, { document, file }: Omit<Revised, 'revision'>, version: string): JsonObject {
  const value = noun === 'flag' ? defaultValueOf(document) : undefined;
  return {
    ...orderedFields(document),
    ...(value !== undefined && { default_value: value }),
    file,
    version,
  } as JsonObject;
}

/** The last commit that changed what the object means, as far as that is known. */
export function versionOf(noun: Noun, key: string, { flagVersions, revision }: Served): string {
  return (noun === 'flag' ? flagVersions.get(key) : undefined) ?? revision.version;
}

/** Answers a write of one object. @param success the status of a write that is served */
export function answerOne(reply: FastifyReply, outcome: Outcome, success: 200 | 201): Json {
  const [applied] = outcome.applied;
  const status = answerHead(reply, outcome, success);
  if (applied?.after !== undefined) reply.header('etag', applied.after.revision);
  if (outcome.kind === 'proposed' || applied === undefined) return proposalOf(outcome);
  const { after, change } = applied;
  if (after === undefined) return { key: change.key, removed: true, version: outcome.written.commit };
  if (status !== 200) reply.header('location', pathOf(applied));
  const version = outcome.served && versionOf(change.noun, change.key, outcome.served);
  return shown(change.noun, after, version ?? outcome.written.commit);
}

/** Answers several changes in one commit, each with what has become of its object in the end. */
export function answerAll(reply: FastifyReply, outcome: Outcome): Json {
  answerHead(reply, outcome, 200);
  const last = new Map(outcome.applied.map((applied) => [pathOf(applied), applied.after]));
  const changes = outcome.applied.map((applied) => {
    const path = pathOf(applied);
    const after = last.get(path);
    return { path, ...(after === undefined ? { removed: true } : { etag: after.revision }) };
  });
  if (outcome.kind === 'proposed') return { ...proposalOf(outcome), changes };
  return { version: outcome.written.commit, changed: outcome.written.changed, changes };
}

function proposalOf(outcome: Outcome): JsonObject {
  if (outcome.kind !== 'proposed') return {};
  const { branch, commit, changed, url } = outcome.proposed;
  return { branch, commit, changed, ...(url !== undefined && { url }) };
}

function pathOf({ change, after }: Applied): string {
  return `/${collectionOf(change.noun)}/${encodeURIComponent(String(after?.document.key ?? change.key))}`;
}

/** 202 for what is not served yet: a proposal, or a branch that does not pass the gate, whoever wrote to it last. */
function answerHead(reply: FastifyReply, outcome: Outcome, success: 200 | 201): number {
  const isServed = outcome.kind === 'written' && outcome.served !== undefined;
  const isIdle = outcome.kind === 'proposed' && !outcome.proposed.changed;
  const status = isServed ? success : isIdle ? 200 : 202;
  reply.status(status);
  reply.header('flagstaff-commit', outcome.kind === 'written' ? outcome.written.commit : outcome.proposed.commit);
  if (outcome.kind === 'written') tellServed(reply, outcome.served, outcome.written.leftAlone);
  return status;
}

function tellServed(reply: FastifyReply, served: Served | undefined, leftAlone: readonly string[]): void {
  if (served !== undefined) reply.header('flagstaff-event-id', formatEventId({ ...served.position, n: 0 }));
  if (leftAlone.length > 0) reply.header('flagstaff-left-alone', listed(leftAlone));
}

/** characters; clients do not read answers whose headers are long */
const LONGEST_LIST = 2000;

/** Paths, escaped; of very many as many as fit, and how many more there are. */
function listed(paths: readonly string[]): string {
  let length = 0;
  const shown = paths.map(encodeURI).filter((path) => {
    length += path.length + 2;
    return length <= LONGEST_LIST;
  });
  const more = paths.length - shown.length;
  return [...shown, ...(more > 0 ? [`${more}%20more`] : [])].join(', ');
}
