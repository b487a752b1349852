import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { FLAGS } from './ofrep/flags.js';
import { serve } from './serving.js';

it('speaks TLS with a certificate of its own, and tells browsers to keep to it', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'flagstaff-tls-'));
  const [keyFile, certFile] = [join(dir, 'key.pem'), join(dir, 'cert.pem')];
  const made = [
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-days',
    '2',
    '-subj',
    '/CN=localhost',
  ];
  const named = ['-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
  execFileSync('openssl', ['req', '-x509', ...made, ...named, '-keyout', keyFile, '-out', certFile], {
    stdio: 'ignore',
  });
  const [key, cert] = [await readFile(keyFile), await readFile(certFile)];

  const serving = await serve(FLAGS, { tls: { key, cert } });
  const { port } = serving.app.server.address() as AddressInfo;
  const answer = await new Promise<{ status: number | undefined; hsts: unknown }>((resolve, reject) => {
    request({ host: 'localhost', port, path: '/readyz', ca: cert, family: 4 }, (response) => {
      response.resume();
      resolve({ status: response.statusCode, hsts: response.headers['strict-transport-security'] });
    })
      .on('error', reject)
      .end();
  });
  expect(answer.status).toBe(200);
  expect(answer.hsts).toContain('max-age=');
  await serving.close();
  await rm(dir, { recursive: true, force: true });
});
