import { Socket } from 'node:net';
import { type GitChild, type GitReader, outcomeOf } from './git-process.js';
import { gitRefusal } from './git-refusal.js';

/** Reads objects by id through one long-lived `git cat-file --batch`, which starts when it is first needed. */
export interface BlobReader {
  /** The bytes of an object of any type. @throws Refusal when it is not in the repository */
  read(oid: string): Promise<Buffer>;
  /** Ends git. A later read starts it again. */
  close(): void;
}

interface Waiting {
  readonly oid: string;
  readonly resolve: (bytes: Buffer) => void;
  readonly reject: (error: unknown) => void;
}

interface Batch {
  readonly child: GitChild;
  readonly waiting: Waiting[];
  readonly parser: AnswerParser;
}

export function blobReader(git: GitReader): BlobReader {
  let batch: Batch | undefined;
  const forget = (ended: Batch) => {
    if (batch === ended) batch = undefined;
  };
  return {
    read: (oid) =>
      new Promise((resolve, reject) => {
        batch ??= startBatch(git, forget);
        ask(batch, { oid, resolve, reject });
      }),
    close: () => {
      batch?.child.stdin.end();
      batch = undefined;
    },
  };
}

function startBatch(git: GitReader, forget: (batch: Batch) => void): Batch {
  const child = git.start(['cat-file', '--batch']);
  const batch: Batch = { child, waiting: [], parser: new AnswerParser() };
  child.stdin.on('error', () => undefined);
  child.stdout.on('data', (chunk: Buffer) => {
    for (const answer of batch.parser.push(chunk)) settle(git, batch, answer);
  });
  void outcomeOf(child).then((outcome) => {
    forget(batch);
    const error = gitRefusal(outcome.ok ? new Error('cat-file ended early') : outcome.error, git.directory);
    for (const { reject } of batch.waiting.splice(0)) reject(error);
  });
  return batch;
}

function ask(batch: Batch, waiting: Waiting): void {
  if (batch.waiting.length === 0) holdProcess(batch.child, true);
  batch.waiting.push(waiting);
  batch.child.stdin.write(`${waiting.oid}\n`);
}

function settle(git: GitReader, batch: Batch, answer: Answer): void {
  const waiting = batch.waiting.shift();
  if (batch.waiting.length === 0) holdProcess(batch.child, false);
  if (answer.bytes !== undefined) waiting?.resolve(answer.bytes);
  else waiting?.reject(gitRefusal(new Error(`missing blob: ${answer.header}`), git.directory));
}

/** While nobody waits for an answer, git must not keep this process alive. */
function holdProcess(child: GitChild, hold: boolean): void {
  const sockets = [child.stdin, child.stdout, child.stderr].filter((stream) => stream instanceof Socket);
  for (const end of [child, ...sockets]) hold ? end.ref() : end.unref();
}

interface Answer {
  readonly header: string;
  /** `undefined`: there is no such object. */
  readonly bytes: Buffer | undefined;
}

/** Cuts the output of `cat-file --batch` (`OID TYPE SIZE`, the bytes, a newline; or `OID missing`) into answers. */
class AnswerParser {
  #chunks: Buffer[] = [];
  #length = 0;
  #header: string | undefined;
  #wanted = 0;

  *push(chunk: Buffer): Generator<Answer> {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    for (let answer = this.#next(); answer !== undefined; answer = this.#next()) yield answer;
  }

  #next(): Answer | undefined {
    if (this.#header === undefined && !this.#readHeader()) return undefined;
    const header = this.#header ?? '';
    if (this.#wanted === 0) return this.#finish({ header, bytes: undefined });
    if (this.#length < this.#wanted) return undefined;
    const all = this.#joined();
    this.#keep(all.subarray(this.#wanted));
    return this.#finish({ header, bytes: all.subarray(0, this.#wanted - 1) });
  }

  #finish(answer: Answer): Answer {
    this.#header = undefined;
    return answer;
  }

  #readHeader(): boolean {
    if (this.#length === 0) return false;
    const all = this.#joined();
    const end = all.indexOf(10);
    if (end < 0) return false;
    this.#header = all.toString('latin1', 0, end);
    const size = / \d+$/.exec(this.#header);
    this.#wanted = size === null ? 0 : Number(size[0]) + 1;
    this.#keep(all.subarray(end + 1));
    return true;
  }

  #joined(): Buffer {
    if (this.#chunks.length > 1) this.#chunks = [Buffer.concat(this.#chunks)];
    return this.#chunks[0] ?? Buffer.alloc(0);
  }

  #keep(rest: Buffer): void {
    this.#chunks = rest.length === 0 ? [] : [rest];
    this.#length = rest.length;
  }
}
