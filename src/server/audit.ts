import { type AuditEntry, type LogEntry, readHistory, withSignatures } from '../history/log.js';
import { flagsAt } from '../history/place.js';
import { PROJECT_FILE } from '../project/kind.js';
import { type Repository, withRepository } from '../sources/git.js';
import type { Environment } from '../sources/git-settings.js';

/** The change history that the server can tell. */
export interface AuditTrail {
  /** @throws Refusal when there never was such a key, or the flags are in no git repository */
  page(query: AuditQuery): Promise<AuditPage>;
}

export interface AuditQuery {
  /** Of a flag; all that there is if left out. */
  readonly key?: string;
  /** Only what concerns this environment. */
  readonly environment?: string;
  /** Whoever asks may see no other environment. */
  readonly isBound?: boolean;
  /** The commit to begin at; the checked-out one if left out. */
  readonly from?: string;
  /** The last commit of the page before. */
  readonly after?: string;
  /** Oldest first; else newest first. */
  readonly oldestFirst?: boolean;
  /** In the name or the address of the author, in any case. */
  readonly author?: string;
  /** Committed then or later; milliseconds since 1970. */
  readonly since?: number;
  /** Committed then or earlier; milliseconds since 1970. */
  readonly until?: number;
  readonly limit: number;
}

interface AuditPage {
  /** The commit that the history was read from. */
  readonly from: string;
  readonly entries: readonly AuditEntry[];
  readonly more: boolean;
}

/** The history of the flags in this directory; git is asked when somebody asks. */
export function auditTrailAt(directory: string, environment: Environment): AuditTrail {
  return { page: (query) => withRepository(directory, environment, (repository) => readPage(repository, query)) };
}

async function readPage(repository: Repository, query: AuditQuery): Promise<AuditPage> {
  const from = query.from ?? (await repository.resolve('HEAD'));
  const start = await startOf(repository, query, from);
  const { entries } = await readHistory(await flagsAt(repository, start), start, query.key);
  const page: LogEntry[] = [];
  for await (const entry of (query.oldestFirst ? newerThan : olderThan)(entries, query.after)) {
    const shown = seenBy(query, entry);
    if (shown.changes.length + shown.invalid.length > 0 && isWanted(entry, query)) page.push(shown);
    if (page.length > query.limit) break;
  }
  const shown = await withSignatures(repository, page.slice(0, query.limit));
  return { from, entries: shown, more: page.length > query.limit };
}

/** A page goes on where the one before it ended; what a key stood for can only be told from the beginning. */
async function startOf(repository: Repository, { key, after, oldestFirst }: AuditQuery, from: string): Promise<string> {
  if (after === undefined || oldestFirst || key !== undefined) return from;
  return (await repository.holds(after, PROJECT_FILE)) ? after : from;
}

async function* olderThan(entries: AsyncIterable<LogEntry>, commit: string | undefined): AsyncGenerator<LogEntry> {
  let isOlder = commit === undefined;
  for await (const entry of entries) {
    if (isOlder) yield entry;
    else isOlder = entry.commit.oid === commit;
  }
}

/** Oldest first; git tells the newest first, so the beginning is known at the end only. */
async function* newerThan(entries: AsyncIterable<LogEntry>, commit: string | undefined): AsyncGenerator<LogEntry> {
  const newer: LogEntry[] = [];
  for await (const entry of entries) {
    if (entry.commit.oid === commit) break;
    newer.push(entry);
  }
  yield* newer.reverse();
}

function isWanted({ commit: { author, committed } }: LogEntry, query: AuditQuery): boolean {
  const { author: wanted = '', since = Number.NEGATIVE_INFINITY, until = Number.POSITIVE_INFINITY } = query;
  const who = `${author.name} <${author.email}>`.toLowerCase();
  return who.includes(wanted.toLowerCase()) && committed >= since && committed <= until;
}

function seenBy({ environment, isBound }: AuditQuery, entry: LogEntry): LogEntry {
  if (environment === undefined) return entry;
  const changes = entry.changes.filter((change) => (change.environment ?? environment) === environment);
  return isBound ? withoutOthers({ ...entry, changes }) : { ...entry, changes };
}

/** What people say of a commit is about all that it changed; that a flag was created, about all environments. */
function withoutOthers({ commit, changes, invalid }: LogEntry): LogEntry {
  const told = changes.map((change) =>
    change.kind === 'flag_created' ? { ...change, text: change.text.replace(/; .*/s, '') } : change,
  );
  const message = told.map(({ key, text }) => `${key}: ${text}`).join('\n');
  const trailers = commit.trailers.filter(({ key }) => key.toLowerCase() === 'reason');
  return { commit: { ...commit, message, trailers }, changes: told, invalid };
}
