import { child } from '../diagnostics/pointer.js';

/** What matters here of a text that is known to be JSON. */
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|[[\]{},:]/g;

/** An object or list that is open, and where one stands in it. */
interface Level {
  /** Of an object, so far. */
  readonly names?: Set<string>;
  step: string | number;
  /** A string is a name now, no value. */
  isName: boolean;
}

/**
 * JSON Pointers to the names that an object has more than once, each once. `JSON.parse` lets the last one win, and
 * RFC 8259 leaves it to whoever reads.
 * @param text JSON
 */
export function repeatedNames(text: string): string[] {
  const levels: Level[] = [];
  const found = new Set<string>();
  for (const [token] of text.matchAll(TOKEN)) {
    const level = levels.at(-1);
    if (token === '{') levels.push({ names: new Set(), step: '', isName: true });
    else if (token === '[') levels.push({ step: 0, isName: false });
    else if (token === '}' || token === ']') levels.pop();
    else if (level !== undefined && enter(level, token)) found.add(child('', ...levels.map(({ step }) => step)));
  }
  return [...found];
}

/** One step further. @returns whether that is a name which the object has already */
function enter(level: Level, token: string): boolean {
  const { names } = level;
  if (token === ':') level.isName = false;
  else if (token === ',' && typeof level.step === 'number') level.step += 1;
  else if (token === ',') level.isName = true;
  else if (level.isName && names !== undefined) return isKnown(level, names, JSON.parse(token) as string);
  return false;
}

function isKnown(level: Level, names: Set<string>, name: string): boolean {
  const before = names.size;
  names.add(name);
  level.step = name;
  return names.size === before;
}
