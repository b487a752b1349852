import { child } from '../diagnostics/pointer.js';

/** What `JSON.parse` passes over. */
export interface JsonFlaw {
  /** JSON Pointer */
  readonly pointer: string;
  readonly message: string;
}

/** What matters here of a text that is known to be JSON. */
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|[[\]{},:]|-?\d[\d.eE+-]*/g;

/** An object or list that is open, and where one stands in it. */
interface Level {
  /** Of an object, so far. */
  readonly names?: Set<string>;
  step: string | number;
  /** A string is a name now, no value. */
  isName: boolean;
}

/**
 * What makes a JSON text mean something else to others than to `JSON.parse`, each said once: a name that an object has
 * more than once (the last one wins here; RFC 8259 leaves it open), and a whole number that is too long to keep its
 * digits. One that comes back as it was written is none: it is how JavaScript writes its own.
 * @param text JSON
 */
export function jsonFlaws(text: string): JsonFlaw[] {
  const levels: Level[] = [];
  const found = new Map<string, JsonFlaw>();
  for (const [token] of text.matchAll(TOKEN)) {
    const message = enter(levels, token);
    if (message === undefined) continue;
    const pointer = child('', ...levels.map(({ step }) => step));
    found.set(`${pointer} ${message}`, { pointer, message });
  }
  return [...found.values()];
}

/** One token further. @returns what is wrong there */
function enter(levels: Level[], token: string): string | undefined {
  const level = levels.at(-1);
  if (token === '{') levels.push({ names: new Set(), step: '', isName: true });
  else if (token === '[') levels.push({ step: 0, isName: false });
  else if (token === '}' || token === ']') levels.pop();
  else if (token === ':' || token === ',') advance(level, token);
  else if (!token.startsWith('"')) return flawOfNumber(token);
  else if (level?.isName === true) return flawOfName(level, JSON.parse(token) as string);
  return undefined;
}

function advance(level: Level | undefined, token: string): void {
  if (level === undefined) return;
  if (typeof level.step === 'number') level.step += 1;
  else level.isName = token === ',';
}

function flawOfName(level: Level, name: string): string | undefined {
  const isRepeated = level.names?.has(name) === true;
  level.names?.add(name);
  level.step = name;
  return isRepeated ? 'is there more than once: leave one' : undefined;
}

function flawOfNumber(token: string): string | undefined {
  const value = Number(token);
  if (Object.is(value, -0)) return 'is `-0`, which no file can hold: write 0';
  const isKept = !/^-?\d+$/.test(token) || String(value) === token || BigInt(token) === BigInt(value);
  return isKept ? undefined : `would become ${value}: quote a number that is a name, or write it shorter`;
}
