/** One line of a directory, as git keeps it. */
export interface Entry {
  /** `100644`, `100755` a file, `120000` a link, `40000` a directory, `160000` another repository */
  readonly mode: string;
  /** UTF-8, one character a byte: so names compare as git compares them */
  readonly name: string;
  readonly oid: string;
}

export const DIRECTORY = '40000';

/** A name as `Entry` has it. */
export function byteName(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

export function textName(name: string): string {
  return Buffer.from(name, 'latin1').toString('utf8');
}

export function isFile({ mode }: Entry): boolean {
  return mode.startsWith('100');
}

/** A directory, `MODE NAME\0` and the bytes of the id for each entry, kept in pieces: most are passed on unread. */
export class Tree {
  readonly #pieces: Map<string, Buffer>;
  #isSorted = true;

  /** @param width bytes of an id */
  constructor(
    bytes: Buffer,
    readonly width: number,
  ) {
    this.#pieces = new Map(cut(bytes, width));
  }

  get isEmpty(): boolean {
    return this.#pieces.size === 0;
  }

  names(): Iterable<string> {
    return this.#pieces.keys();
  }

  get(name: string): Entry | undefined {
    const piece = this.#pieces.get(name);
    if (piece === undefined) return undefined;
    const mode = piece.toString('latin1', 0, piece.indexOf(' '));
    return { mode, name, oid: piece.toString('hex', piece.length - this.width) };
  }

  set({ mode, name, oid }: Entry): void {
    this.#isSorted &&= this.get(name)?.mode === mode;
    this.#pieces.set(name, Buffer.concat([Buffer.from(`${mode} ${name}\0`, 'latin1'), Buffer.from(oid, 'hex')]));
  }

  delete(name: string): void {
    this.#pieces.delete(name);
  }

  bytes(): Buffer {
    const pieces = [...this.#pieces];
    if (!this.#isSorted) pieces.sort(([a, one], [b, other]) => compare(sortKey(a, one), sortKey(b, other)));
    return Buffer.concat(pieces.map(([, piece]) => piece));
  }
}

function* cut(bytes: Buffer, width: number): Generator<[string, Buffer]> {
  for (let start = 0; start < bytes.length; ) {
    const space = bytes.indexOf(0x20, start);
    const zero = bytes.indexOf(0, space);
    const end = zero + 1 + width;
    yield [bytes.toString('latin1', space + 1, zero), bytes.subarray(start, end)];
    start = end;
  }
}

/** git sorts a directory as if its name ended with `/`. */
function sortKey(name: string, piece: Buffer): string {
  return piece[0] === 0x34 ? `${name}/` : name;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : 1;
}
