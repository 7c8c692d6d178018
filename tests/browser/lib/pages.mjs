import { createServer } from 'node:http';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';

const folder = new URL('../page/', import.meta.url);
const types = { html: 'text/html', js: 'text/javascript' };
const names = new Set(['index.html', 'probe.js', 'test-card.js', 'tone.js']);

/** Serves the probe page from an origin of its own, as a customer's site would be: every WHIP and WHEP call is cross-origin. */
export async function servePages(address = '127.0.0.1') {
  const server = createServer(async (request, response) => {
    const name = request.url === '/' ? 'index.html' : request.url.slice(1);
    if (!names.has(name)) {
      response.writeHead(404).end();
      return;
    }
    const body = await readFile(new URL(name, folder));
    response.writeHead(200, { 'Content-Type': types[name.split('.').pop()], 'Cache-Control': 'no-store' }).end(body);
  }).listen(0, address);
  await once(server, 'listening');
  return {
    url: `http://${address}:${server.address().port}/`,
    close: () => { server.closeAllConnections(); server.close(); },
  };
}
