import { refuseUnknownEnvironment } from '../../history/environments.js';
import { type AuditEntry, type LogEntry, readHistory, withSignatures } from '../../history/log.js';
import { flagsAt } from '../../history/place.js';
import { auditData } from '../../report/audit-json.js';
import { auditMarkdown } from '../../report/audit-markdown.js';
import { auditText } from '../../report/audit-text.js';
import { type Repository, withRepository } from '../../sources/git.js';
import type { GlobalOptions } from '../command.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import { findHistory } from '../repository.js';
import { tellCutOff } from '../shallow.js';
import { note, type Terminal } from '../terminal.js';

export interface LogOptions extends GlobalOptions {
  /** Of a flag, segment or group; all that there is if left out. */
  readonly key?: string;
  readonly ref?: string;
  /** milliseconds since 1970 */
  readonly since?: number;
  /** milliseconds since 1970 */
  readonly until?: number;
  readonly author?: string;
  readonly env?: string;
  readonly number?: number;
  readonly all?: boolean;
  readonly format: 'text' | 'json' | 'markdown';
}

/** How many entries are looked up and printed at a time. */
const BATCH = 50;

export async function runLog(options: LogOptions, terminal: Terminal): Promise<ExitCode> {
  const root = await findHistory(options, terminal);
  return withRepository(root, terminal.env, async (repository) => {
    const from = await repository.resolve(options.ref ?? 'HEAD');
    const place = await flagsAt(repository, from);
    if (options.env !== undefined) await refuseUnknownEnvironment(place, from, options.env);
    const history = await readHistory(place, from, options.key);
    await print(entriesOf(history.entries, options), { repository, options, terminal });
    const cut = history.cutOffAt();
    if (cut !== undefined) await tellCutOff(cut, terminal);
    return EXIT.ok;
  });
}

async function* entriesOf(entries: AsyncIterable<LogEntry>, options: LogOptions): AsyncGenerator<LogEntry> {
  let left = options.number ?? Number.POSITIVE_INFINITY;
  for await (const entry of entries) {
    const shown = inEnvironment(entry, options.env);
    if (!isWanted(shown, options)) continue;
    yield shown;
    left -= 1;
    if (left <= 0) return;
  }
}

/** Only what concerns one environment, or all of them. */
function inEnvironment(entry: LogEntry, wanted: string | undefined): LogEntry {
  if (wanted === undefined) return entry;
  return { ...entry, changes: entry.changes.filter(({ environment = wanted }) => environment === wanted) };
}

function isWanted({ commit, changes, invalid }: LogEntry, { since, until, author, all }: LogOptions): boolean {
  const { committed } = commit;
  const person = `${commit.author.name} <${commit.author.email}>`.toLowerCase();
  return (
    (all === true || changes.length + invalid.length > 0) &&
    committed >= (since ?? Number.NEGATIVE_INFINITY) &&
    committed <= (until ?? Number.POSITIVE_INFINITY) &&
    person.includes((author ?? '').toLowerCase())
  );
}

interface Printing {
  readonly repository: Repository;
  readonly options: LogOptions;
  readonly terminal: Terminal;
}

async function print(entries: AsyncIterable<LogEntry>, { repository, options, terminal }: Printing): Promise<void> {
  const printer = printerFor(options.format, terminal.stdout.colour);
  let count = 0;
  for await (const batch of batched(entries)) {
    const signed = await withSignatures(repository, batch);
    const texts = signed.map((entry) => printer.entry(entry));
    await terminal.stdout.write((count === 0 ? printer.begin : printer.between) + texts.join(printer.between));
    count += texts.length;
    if (terminal.stdout.closed) return;
  }
  await terminal.stdout.write(count === 0 ? printer.none : printer.end);
  if (count === 0) await note(terminal, 'nothing to show');
}

async function* batched(entries: AsyncIterable<LogEntry>): AsyncGenerator<LogEntry[]> {
  let batch: LogEntry[] = [];
  for await (const entry of entries) {
    batch.push(entry);
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

interface Printer {
  readonly begin: string;
  readonly between: string;
  readonly end: string;
  /** In place of it all when there are no entries. */
  readonly none: string;
  readonly entry: (entry: AuditEntry) => string;
}

function printerFor(format: LogOptions['format'], colour: boolean): Printer {
  switch (format) {
    case 'text':
      return { begin: '', between: '\n', end: '', none: '', entry: (entry) => auditText(entry, { colour }) };
    case 'json': {
      const entry = (one: AuditEntry) => JSON.stringify(auditData(one), null, 2).replaceAll(/^/gm, '  ');
      return { begin: '[\n', between: ',\n', end: '\n]\n', none: '[]\n', entry };
    }
    case 'markdown':
      return { begin: '', between: '', end: '', none: '', entry: auditMarkdown };
  }
}
