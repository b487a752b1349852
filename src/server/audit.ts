import { type AuditEntry, type LogEntry, readHistory, withSignatures } from '../history/log.js';
import { flagsAt } from '../history/place.js';
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
  const { entries } = await readHistory(await flagsAt(repository, from), from, query.key);
  const page: LogEntry[] = [];
  let skipping = query.after !== undefined;
  for await (const entry of query.oldestFirst ? await reversed(entries) : entries) {
    const shown = inEnvironment(entry, query.environment);
    if (!skipping && shown.changes.length + shown.invalid.length > 0 && isWanted(entry, query)) page.push(shown);
    if (entry.commit.oid === query.after) skipping = false;
    if (page.length > query.limit) break;
  }
  const shown = await withSignatures(repository, page.slice(0, query.limit));
  return { from, entries: shown, more: page.length > query.limit };
}

/** git tells the newest first, so the beginning is known at the end only. */
async function reversed(entries: AsyncIterable<LogEntry>): Promise<LogEntry[]> {
  const all: LogEntry[] = [];
  for await (const entry of entries) all.push(entry);
  return all.reverse();
}

function isWanted({ commit: { author, committed } }: LogEntry, query: AuditQuery): boolean {
  const { author: wanted = '', since = Number.NEGATIVE_INFINITY, until = Number.POSITIVE_INFINITY } = query;
  const who = `${author.name} <${author.email}>`.toLowerCase();
  return who.includes(wanted.toLowerCase()) && committed >= since && committed <= until;
}

function inEnvironment(entry: LogEntry, wanted: string | undefined): LogEntry {
  if (wanted === undefined) return entry;
  return { ...entry, changes: entry.changes.filter(({ environment = wanted }) => environment === wanted) };
}
