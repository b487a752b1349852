const LOOPBACK_HOSTS = new Set(['localhost', '127.0.0.1', '[::1]', '::1']);

/** Is this the name of the machine itself? `127.0.0.0/8` counts whole. */
export function isLoopbackHost(host: string): boolean {
  const name = host.toLowerCase();
  return LOOPBACK_HOSTS.has(name) || name.endsWith('.localhost') || /^127(\.\d{1,3}){3}$/.test(name);
}

/**
 * Against DNS rebinding: a page of a foreign site that resolves its own name to 127.0.0.1 still sends that
 * name as `Host` and its own `Origin`. Both must name this machine where no key protects the server.
 * @returns which header is at fault, or `undefined` when the request is local
 */
export function foreignHeader(host: string | undefined, origin: string | undefined): 'Host' | 'Origin' | undefined {
  if (host === undefined || !isLoopbackHost(hostName(host))) return 'Host';
  if (origin !== undefined && !isLoopbackOrigin(origin)) return 'Origin';
  return undefined;
}

function hostName(host: string): string {
  return host.replace(/:\d*$/, '');
}

function isLoopbackOrigin(origin: string): boolean {
  return URL.canParse(origin) && isLoopbackHost(new URL(origin).hostname);
}
