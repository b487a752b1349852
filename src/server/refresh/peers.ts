import { signBody } from '../access/signature.js';

export interface Peers {
  /** Where other replicas listen, `http://HOST:PORT`. */
  readonly urls: readonly string[];
  readonly secret: string;
}

/** milliseconds that another replica has to answer */
const PATIENCE = 5000;

/**
 * Tells other replicas something; that there is something new they will find out by themselves as well.
 * @returns what each of them answered; nothing of those that did not
 */
export async function tellPeers(
  { urls, secret }: Peers,
  { path, message }: { readonly path: string; readonly message: object },
  failed: (error: Error) => void,
): Promise<readonly number[]> {
  const body = JSON.stringify(message);
  const headers = { 'content-type': 'application/json', 'x-hub-signature-256': signBody(body, secret) };
  const telling = urls.map((url) => tell(new URL(path, url), { method: 'POST', headers, body }, failed));
  return (await Promise.all(telling)).filter((status) => status !== undefined);
}

async function tell(url: URL, request: RequestInit, failed: (error: Error) => void): Promise<number | undefined> {
  let status: number | undefined;
  try {
    const answer = await fetch(url, { ...request, redirect: 'error', signal: AbortSignal.timeout(PATIENCE) });
    await answer.arrayBuffer();
    status = answer.status;
    if (!answer.ok) throw new Error(`it answered ${answer.status}`);
  } catch (error) {
    failed(new Error(`cannot tell ${url.origin}: ${error instanceof Error ? error.message : error}`, { cause: error }));
  }
  return status;
}
