import { isUtf8 } from 'node:buffer';
import type { FastifyInstance } from 'fastify';
import { isDeeper } from '../model/depth.js';
import { jsonFlaws } from './json-flaws.js';
import { Problem } from './problem.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /**
     * A body that could mean something else to whoever sent it is refused: a name twice, a number that loses digits,
     * text that is not UTF-8.
     */
    readonly isExact?: boolean;
  }
}

/** Patches are JSON as well; what they mean is for their routes to say. */
const JSON_TYPES = ['application/json', 'application/merge-patch+json', 'application/json-patch+json'];

/**
 * Bodies are JSON, or empty, which counts as `{}`. Nothing is done about names such as `__proto__`: attributes may
 * have any name, and whoever reads them reads own properties only.
 */
export function readJsonBodies(app: FastifyInstance, maxDepth: number): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser([...JSON_TYPES], { parseAs: 'buffer' }, (request, given, done) => {
    try {
      refuseEncoded(request.headers['content-encoding']);
      const bytes = given as Buffer;
      const { isExact } = request.routeOptions.config;
      if (isExact && !isUtf8(bytes)) throw new Problem('invalid_request', 'the body is not UTF-8');
      const text = bytes.toString('utf8');
      const body = parseBody(text, maxDepth);
      if (isExact) refuseFlaws(text);
      done(null, body);
    } catch (error) {
      done(error as Error);
    }
  });
}

/** @throws Problem for a body that is compressed */
function refuseEncoded(coding = 'identity'): void {
  if (coding.toLowerCase() === 'identity') return;
  throw new Problem('unsupported_media_type', `the body is encoded as \`${coding}\``, {
    help: 'send it as it is, without `Content-Encoding`',
  });
}

function parseBody(text: string, maxDepth: number): unknown {
  if (text === '') return {};
  const body = parse(text);
  // Each level takes two characters: most bodies are too short to be nested so deeply.
  if (text.length > 2 * maxDepth && isDeeper(body, maxDepth)) {
    throw new Problem('invalid_request', `the body is nested more than ${maxDepth} levels deep`, {
      errorCode: 'INVALID_CONTEXT',
    });
  }
  return body;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Problem('invalid_request', 'the body is not JSON', { errorCode: 'PARSE_ERROR' });
  }
}

/** Flaws that are told. */
const SHOWN = 20;

/** @param text JSON */
function refuseFlaws(text: string): void {
  const flaws = jsonFlaws(text);
  const [first] = flaws;
  if (first === undefined) return;
  throw new Problem('invalid_request', `the body: ${first.pointer} ${first.message}`, {
    errors: flaws.slice(0, SHOWN),
  });
}
