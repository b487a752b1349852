import type { FastifyInstance } from 'fastify';
import { openapiDocument, operationsServed } from '../openapi/document.js';
import { docsPage, PAGE_POLICY } from '../openapi/page.js';

/** What the server says of itself: the routes that it has, and no others. */
export function addDescriptionRoutes(app: FastifyInstance): void {
  const config = { access: 'open' as const };
  const served = () => operationsServed((method, url) => app.hasRoute({ method, url }));
  app.get('/openapi.json', { config }, () => openapiDocument(served()));
  app.get('/docs', { config }, (_request, reply) => {
    reply.header('content-security-policy', PAGE_POLICY).type('text/html; charset=utf-8');
    return docsPage(served());
  });
}
