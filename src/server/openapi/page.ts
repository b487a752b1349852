import { createHash } from 'node:crypto';
import type { Operation } from './operation.js';
import { schemas } from './schemas.js';
import { writingSchemas } from './writing.js';

const STYLE = `
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color-scheme: light dark }
code, pre { font-family: ui-monospace, monospace; font-size: 0.9em }
section { border-top: 1px solid #8884; padding: 0.5rem 0 1rem }
h2 code { background: #8882; border-radius: 4px; padding: 0.1em 0.4em }
ul { list-style: none; padding: 0; line-height: 1.8 } li a { text-decoration: none }
dt { font-weight: 600 } dd { margin: 0 0 0.3rem 1.5rem }
pre { overflow-x: auto; background: #8881; padding: 0.8rem; border-radius: 4px }
`;

/** The page has no script and loads nothing; its one style is allowed by its hash. */
export const PAGE_POLICY = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; frame-ancestors 'none'`;

/** The description of these operations for people. */
export function docsPage(served: readonly Operation[]): string {
  const shapes = Object.entries({ ...schemas, ...writingSchemas }).map(
    ([name, schema]) =>
      `<section id="${name}"><h3>${name}</h3><pre>${escaped(JSON.stringify(schema, null, 2))}</pre></section>`,
  );
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Flagstaff</title>
<meta name="viewport" content="width=device-width"><style>${STYLE}</style></head>
<body><h1>Flagstaff</h1>
<p>What this server answers. The same as <a href="/openapi.json">OpenAPI 3.1</a>. Keys go into <code>Authorization: Bearer KEY</code> or <code>X-API-Key: KEY</code>.</p>
<ul>
${served.map(contentsLine).join('\n')}
</ul>
${served.map(section).join('\n')}
<h2>Shapes</h2>
${shapes.join('\n')}
</body></html>
`;
}

function contentsLine({ method, route, summary }: Operation): string {
  const name = `${method.toUpperCase()} ${escaped(route)}`;
  return `<li><a href="#${anchor({ method, route })}"><code>${name}</code></a> ${prose(summary)}</li>`;
}

function anchor({ method, route }: Pick<Operation, 'method' | 'route'>): string {
  return `${method}${route.replaceAll(/[^A-Za-z0-9]+/g, '-')}`;
}

function section({
  method,
  route,
  summary,
  description = '',
  access,
  query = {},
  headers = {},
  body,
  answers,
}: Operation): string {
  const parameters = [
    ...Object.entries(query).map(([name, rest]) => entry(`?${name}`, prose(rest.description))),
    ...Object.entries(headers).map(([name, text]) => entry(name, prose(text))),
    ...(body === undefined ? [] : bodyEntries(body)),
    ...Object.entries(answers).map(([status, { description: text, schema }]) =>
      entry(status, `${prose(text)} ${[schema ?? []].flat().map(link).join(' or ')}`),
    ),
  ];
  return `<section id="${anchor({ method, route })}"><h2><code>${method.toUpperCase()} ${escaped(route)}</code></h2>
<p>${prose(summary)}. ${prose(description)} For: ${escaped(access === 'open' ? 'everyone' : access)}.</p>
<dl>${parameters.join('')}</dl></section>`;
}

function bodyEntries(body: NonNullable<Operation['body']>): string[] {
  if (typeof body === 'string') return [entry('body', link(body))];
  return Object.entries(body).map(([type, schema]) => entry('body', `${link(schema)}, ${escaped(type)}`));
}

function entry(term: string, html: string): string {
  return `<dt><code>${escaped(term)}</code></dt><dd>${html}</dd>`;
}

function link(schema: string): string {
  return `<a href="#${schema}">${schema}</a>`;
}

/** What stands in backticks is code. */
function prose(text: string): string {
  return escaped(text).replaceAll(/`([^`]*)`/g, '<code>$1</code>');
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
