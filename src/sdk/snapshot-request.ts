import { decodeSnapshot, type WireSnapshot } from '../wire/decode.js';
import { malformed } from '../wire/wire-fault.js';
import { Mishap, wordOf } from './mishap.js';
import { type Answer, type Asking, ask } from './request.js';

/** How many times `readTimeout` a whole snapshot may take. */
const PATIENCE = 4;

/**
 * `GET /snapshot`.
 * @param known the id of what the client has already
 * @returns `undefined` when there is nothing newer
 * @throws Mishap, WireFault
 */
export function requestSnapshot(
  asking: Asking,
  url: string,
  known: string | undefined,
  signal: AbortSignal,
): Promise<WireSnapshot | undefined> {
  const headers: Record<string, string> = known === undefined ? {} : { 'if-none-match': `"${known}"` };
  return ask(asking, { url, path: 'snapshot', accept: 'application/json', headers }, signal, async (answer) => {
    if (answer.status === 304) {
      if (known === undefined) throw malformed('the server says that nothing is new to a client that has nothing');
      return undefined;
    }
    return decodeSnapshot(await readAll(answer, asking));
  });
}

/** Bounded in length and in time: a server that sends a byte now and then has no snapshot either. */
async function readAll(answer: Answer, { maxSize, readTimeout, time }: Asking): Promise<string> {
  const latest = time.elapsed() + readTimeout * PATIENCE;
  const pieces: string[] = [];
  let size = 0;
  for (let piece = await read(answer); piece !== undefined; piece = await read(answer)) {
    size += piece.length;
    if (size > maxSize) throw malformed(`a snapshot of more than ${maxSize} characters`);
    if (time.elapsed() > latest) throw new Mishap('unreachable', 'the snapshot took too long');
    pieces.push(piece);
  }
  return pieces.join('');
}

async function read(answer: Answer): Promise<string | undefined> {
  try {
    return await answer.read();
  } catch (thrown) {
    throw new Mishap('unreachable', `the snapshot broke off (${wordOf(thrown)})`);
  }
}
