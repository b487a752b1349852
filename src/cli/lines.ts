import { isUtf8 } from 'node:buffer';

/** A line longer than this (16 MiB) is not kept. */
const LIMIT = 16 * 1024 * 1024;
const NEWLINE = 10;

/** A line of text without its end, or why there is none. `number` counts from 1. */
export type Line =
  | { readonly number: number; readonly text: string }
  | { readonly number: number; readonly problem: string };

/** Bytes to lines, holding no more than one line and one chunk at a time. */
export async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Line[]> {
  const splitter = new LineSplitter();
  for await (const chunk of chunks) yield splitter.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
  yield splitter.end();
}

class LineSplitter {
  #number = 0;
  #parts: Buffer[] = [];
  #size = 0;

  /** The lines that this chunk ends. */
  push(chunk: Buffer): Line[] {
    const lines: Line[] = [];
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      this.#keep(chunk.subarray(start, end));
      lines.push(this.#take());
      start = end + 1;
    }
    this.#keep(chunk.subarray(start));
    return lines;
  }

  /** The last line, if it has no end. */
  end(): Line[] {
    return this.#size === 0 ? [] : [this.#take()];
  }

  #keep(part: Buffer): void {
    this.#size += part.length;
    if (part.length > 0 && this.#size <= LIMIT) this.#parts.push(part);
  }

  #take(): Line {
    this.#number += 1;
    const size = this.#size;
    const [only = Buffer.alloc(0)] = this.#parts;
    const bytes = this.#parts.length > 1 ? Buffer.concat(this.#parts) : only;
    this.#parts = [];
    this.#size = 0;
    return lineOf(this.#number, bytes, size);
  }
}

function lineOf(number: number, bytes: Buffer, size: number): Line {
  if (size > LIMIT) return { number, problem: 'longer than 16 MiB' };
  if (!isUtf8(bytes)) return { number, problem: 'not UTF-8' };
  const text = bytes.toString('utf8');
  return { number, text: number === 1 ? text.replace(/^\ufeff/, '') : text };
}
