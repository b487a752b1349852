import murmurhash from 'murmurhash';
import { isAscii } from './fold.js';

/** MurmurHash3_x86_32 with seed 0 of a text's UTF-8; lone surrogates count as U+FFFD. An unsigned integer of 32 bits. */
export type Hash = (text: string) => number;

const C1 = 0xcc9e2d51;
const C2 = 0x1b873593;

/**
 * The hash of `prefix + text`. The blocks of the prefix are mixed once, and ASCII is read in place: the package
 * encodes every text into a new buffer, which costs ten times the hash. It still does whatever is not ASCII.
 */
export function prepareHash(prefix: string): Hash {
  if (!isAscii(prefix)) return (text) => murmurhash.v3(prefix + text, 0);
  const whole = prefix.length & ~3;
  const state = mixBlocks(prefix.slice(0, whole));
  const tail = blockAt(prefix, whole, prefix.length);
  return (text) => hashFrom(state, tail, prefix, text);
}

function hashFrom(state: number, tail: number, prefix: string, text: string): number {
  let hash = state;
  let block = tail;
  let shift = (prefix.length & 3) << 3;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code > 127) return murmurhash.v3(prefix + text, 0);
    block |= code << shift;
    shift = (shift + 8) & 31;
    if (shift === 0) {
      hash = mixHash(hash, block);
      block = 0;
    }
  }
  return finish(hash ^ mixBlock(block), prefix.length + text.length);
}

function mixBlocks(text: string): number {
  let hash = 0;
  for (let index = 0; index < text.length; index += 4) {
    hash = mixHash(hash, blockAt(text, index, index + 4));
  }
  return hash;
}

/** The code units from `start` to `end`, at most four, little end first. */
function blockAt(text: string, start: number, end: number): number {
  let block = 0;
  for (let index = start; index < end; index += 1) {
    block |= text.charCodeAt(index) << ((index - start) << 3);
  }
  return block;
}

function mixBlock(block: number): number {
  const product = Math.imul(block, C1);
  return Math.imul((product << 15) | (product >>> 17), C2);
}

function mixHash(hash: number, block: number): number {
  const mixed = hash ^ mixBlock(block);
  return (Math.imul((mixed << 13) | (mixed >>> 19), 5) + 0xe6546b64) | 0;
}

function finish(hash: number, length: number): number {
  let final = hash ^ length;
  final = Math.imul(final ^ (final >>> 16), 0x85ebca6b);
  final = Math.imul(final ^ (final >>> 13), 0xc2b2ae35);
  return (final ^ (final >>> 16)) >>> 0;
}
