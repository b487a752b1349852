import { createHmac, timingSafeEqual } from 'node:crypto';

/** As GitHub signs: `sha256=` and the HMAC of the body in hexadecimal, in `X-Hub-Signature-256`. */
export function signBody(body: Uint8Array | string, secret: string): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
}

/**
 * Does this call come from somebody who knows the secret? GitHub and our own replicas sign the body; GitLab sends
 * the secret itself, in `X-Gitlab-Token`.
 */
export function isSigned(headers: Readonly<Record<string, unknown>>, body: Uint8Array, secret: string): boolean {
  const { 'x-hub-signature-256': signature, 'x-gitlab-token': token } = headers;
  if (typeof signature === 'string') return isSame(signature, signBody(body, secret), secret);
  return typeof token === 'string' && isSame(token, secret, secret);
}

/** Takes the same time wherever, and however far, the two differ. */
function isSame(one: string, other: string, secret: string): boolean {
  const [a, b] = [one, other].map((text) => createHmac('sha256', secret).update(text).digest());
  return a !== undefined && b !== undefined && timingSafeEqual(a, b);
}
