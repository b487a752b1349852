/** The least that an HTTP server can do: it reads a body of JSON and gives a fixed answer as long as one of ours. */

import { createServer } from 'node:http';

const ANSWER = process.argv[2] ?? '{}';
const HEADERS = { 'content-type': 'application/json; charset=utf-8', 'content-length': Buffer.byteLength(ANSWER) };

const server = createServer((request, response) => {
  if (request.url === '/metrics') return response.end(usage());
  let text = '';
  request.setEncoding('utf8');
  request.on('data', (chunk) => {
    text += chunk;
  });
  request.on('end', () => {
    JSON.parse(text);
    response.writeHead(200, HEADERS).end(ANSWER);
  });
});

/** As our own server tells it. */
function usage() {
  const { user, system } = process.cpuUsage();
  const bytes = process.memoryUsage.rss();
  return `process_cpu_seconds_total ${(user + system) / 1e6}\nprocess_resident_memory_bytes ${bytes}\n`;
}

server.listen(0, '127.0.0.1', () => console.log(`listening on http://127.0.0.1:${server.address().port}`));
