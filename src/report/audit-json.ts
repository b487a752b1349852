import type { AuditEntry } from '../history/log.js';
import { reasonOf } from '../history/reason.js';

/** One commit of a history as data; the shape of a history is `schemas/output/log.schema.json`. */
export function auditData({ commit, changes, invalid, signature }: AuditEntry): object {
  const reason = reasonOf(commit);
  return {
    version: commit.oid,
    time: new Date(commit.committed).toISOString(),
    author: commit.author,
    message: commit.message,
    ...(reason === undefined ? {} : { reason }),
    ...(commit.trailers.length === 0 ? {} : { trailers: commit.trailers }),
    signature,
    changes,
    ...(invalid.length === 0 ? {} : { invalid }),
  };
}
