import { createHash } from 'node:crypto';
import { deflateSync } from 'node:zlib';

/** An object of git before git has it. */
export interface NewObject {
  readonly type: 'commit' | 'tree' | 'blob';
  readonly oid: string;
  readonly bytes: Buffer;
}

/** How a repository names its objects. */
export type ObjectFormat = 'sha1' | 'sha256';

/** An object's name is the hash of its type, its size and its bytes. */
export function newObject(type: NewObject['type'], bytes: Buffer, format: ObjectFormat): NewObject {
  const oid = createHash(format).update(`${type} ${bytes.length}\0`).update(bytes).digest('hex');
  return { type, oid, bytes };
}

const TYPES: Readonly<Record<NewObject['type'], number>> = { commit: 1, tree: 2, blob: 3 };

/**
 * Objects as `git unpack-objects` takes them: one run of git for all that a write is made of.
 * The format is gitformat-pack(5). They are not compressed: that would be undone at once, and it is slow.
 */
export function packOf(objects: readonly NewObject[], format: ObjectFormat): Buffer {
  const header = Buffer.from('PACK\0\0\0\u0002\0\0\0\0', 'latin1');
  header.writeUInt32BE(objects.length, 8);
  const pack = Buffer.concat([header, ...objects.flatMap(({ type, bytes }) => [sizeOf(type, bytes), stored(bytes)])]);
  return Buffer.concat([pack, createHash(format).update(pack).digest()]);
}

/** The type and the low four bits of the size, then seven bits a byte; the highest bit says that more follow. */
function sizeOf(type: NewObject['type'], { length }: Buffer): Buffer {
  const bytes: number[] = [];
  let last = (TYPES[type] << 4) | (length & 15);
  for (let rest = length >>> 4; rest > 0; rest >>>= 7) {
    bytes.push(last | 128);
    last = rest & 127;
  }
  return Buffer.from([...bytes, last]);
}

function stored(bytes: Buffer): Buffer {
  return deflateSync(bytes, { level: 0 });
}
