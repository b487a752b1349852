import { Socket } from 'node:net';
import { type GitChild, type GitReader, outcomeOf } from './git-process.js';
import { gitRefusal } from './git-refusal.js';

/** An object above this size (1 MiB) is passed over, unless said otherwise; bytes. */
export const LIMIT = 1024 * 1024;

/** Reads objects by id through one long-lived `git cat-file --batch`, which starts when it is first needed. */
export interface BlobReader {
  /** The bytes of an object of any type; `too-large` above the limit. @throws Refusal when it is not in the repository */
  read(oid: string): Promise<ObjectBytes>;
  /** The id of what is called so (`HEAD^{commit}`, `COMMIT:PATH`), in one line; `undefined`: nothing is. */
  find(name: string): Promise<string | undefined>;
  /** Ends git. A later read starts it again. */
  close(): void;
}

export type ObjectBytes = Buffer | 'too-large';

interface Waiting {
  readonly name: string;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

interface Batch {
  readonly child: GitChild;
  readonly waiting: Waiting[];
  /** Names not yet written to git. */
  readonly asked: string[];
  readonly parser: AnswerParser;
}

export function blobReader(git: GitReader, limit = LIMIT): BlobReader {
  let batch: Batch | undefined;
  const forget = (ended: Batch) => {
    if (batch === ended) batch = undefined;
  };
  const answerTo = (name: string) =>
    new Promise<Answer>((resolve, reject) => {
      batch ??= startBatch(git, limit, forget);
      ask(batch, { name, resolve, reject });
    });
  return {
    read: async (oid) => bytesOf(await answerTo(oid), git.directory),
    find: async (name) => idOf(await answerTo(name)),
    close: () => {
      const ended = batch;
      batch = undefined;
      if (ended !== undefined) queueMicrotask(() => ended.child.stdin.end());
    },
  };
}

function startBatch(git: GitReader, limit: number, forget: (batch: Batch) => void): Batch {
  const child = git.start(['cat-file', '--batch']);
  const batch: Batch = { child, waiting: [], asked: [], parser: new AnswerParser(limit) };
  child.stdin.on('error', () => undefined);
  child.stdout.on('data', (chunk: Buffer) => {
    for (const answer of batch.parser.push(chunk)) settle(batch, answer);
  });
  void outcomeOf(child).then((outcome) => {
    forget(batch);
    const error = gitRefusal(outcome.ok ? new Error('cat-file ended early') : outcome.error, git.directory);
    for (const { reject } of batch.waiting.splice(0)) reject(error);
  });
  return batch;
}

/** Questions of the same moment travel in one piece. */
function ask({ child, waiting, asked }: Batch, question: Waiting): void {
  if (waiting.length === 0) holdProcess(child, true);
  waiting.push(question);
  asked.push(question.name);
  if (asked.length > 1) return;
  queueMicrotask(() => {
    child.stdin.write(`${asked.splice(0).join('\n')}\n`);
  });
}

function settle(batch: Batch, answer: Answer): void {
  const waiting = batch.waiting.shift();
  if (batch.waiting.length === 0) holdProcess(batch.child, false);
  waiting?.resolve(answer);
}

function bytesOf({ header, bytes }: Answer, directory: string): ObjectBytes {
  if (bytes === undefined) throw gitRefusal(new Error(`missing blob: ${header}`), directory);
  return bytes;
}

function idOf({ header, bytes }: Answer): string | undefined {
  return bytes && header.slice(0, header.indexOf(' '));
}

/** While nobody waits for an answer, git must not keep this process alive. */
function holdProcess(child: GitChild, hold: boolean): void {
  const sockets = [child.stdin, child.stdout, child.stderr].filter((stream) => stream instanceof Socket);
  for (const end of [child, ...sockets]) hold ? end.ref() : end.unref();
}

interface Answer {
  readonly header: string;
  /** `undefined`: there is no such object. */
  readonly bytes: ObjectBytes | undefined;
}

/** Cuts the output of `cat-file --batch` (`OID TYPE SIZE`, the bytes, a newline; or `OID missing`) into answers. */
export class AnswerParser {
  readonly #limit: number;
  #chunks: Buffer[] = [];
  #length = 0;
  #header: string | undefined;
  /** How many bytes the present answer still has, its last newline among them. */
  #wanted = 0;
  #large = false;

  constructor(limit: number) {
    this.#limit = limit;
  }

  *push(chunk: Buffer): Generator<Answer> {
    this.#keep([...this.#chunks, chunk], this.#length + chunk.length);
    for (let answer = this.#next(); answer !== undefined; answer = this.#next()) yield answer;
  }

  #next(): Answer | undefined {
    if (this.#header === undefined && !this.#readHeader()) return undefined;
    if (this.#large) return this.#skip();
    if (this.#length < this.#wanted) return undefined;
    const taken = this.#take(this.#wanted);
    return this.#finish(this.#wanted === 0 ? undefined : taken.subarray(0, -1));
  }

  #finish(bytes: ObjectBytes | undefined): Answer {
    const header = this.#header ?? '';
    this.#header = undefined;
    return { header, bytes };
  }

  #readHeader(): boolean {
    const end = this.#joined().indexOf('\n');
    if (end < 0) return false;
    this.#header = this.#take(end + 1).toString('latin1', 0, end);
    const size = / (\d+)$/.exec(this.#header)?.[1];
    this.#wanted = size === undefined ? 0 : Number(size) + 1;
    this.#large = this.#wanted > this.#limit + 1;
    return true;
  }

  #skip(): Answer | undefined {
    this.#wanted -= this.#take(Math.min(this.#wanted, this.#length)).length;
    if (this.#wanted > 0) return undefined;
    this.#large = false;
    return this.#finish('too-large');
  }

  #take(length: number): Buffer {
    const all = this.#joined();
    this.#keep(all.length === length ? [] : [all.subarray(length)], all.length - length);
    return all.subarray(0, length);
  }

  #joined(): Buffer {
    if (this.#chunks.length > 1) this.#chunks = [Buffer.concat(this.#chunks)];
    return this.#chunks[0] ?? Buffer.alloc(0);
  }

  #keep(chunks: Buffer[], length: number): void {
    this.#chunks = chunks;
    this.#length = length;
  }
}
