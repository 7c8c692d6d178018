import { createServer } from 'node:http';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';

const types = { html: 'text/html', js: 'text/javascript' };
const fromFile = (path) => () => readFile(new URL(path, import.meta.url));
const files = new Map([
  ...['index.html', 'livekit.html', 'livekit.js', 'probe.js', 'recorder.js', 'test-card.js', 'tone.js', 'tutorial.html', 'watcher.js']
    .map((name) => [name, fromFile(`../page/${name}`)]),
  ['livekit-client.umd.js', fromFile('../node_modules/livekit-client/dist/livekit-client.umd.js')],
  ['tutorial.js', tutorial],
]);

/** Serves the tests' pages from an origin of their own, as a customer's site would be: every call to the gateway is cross-origin. */
export async function servePages(address = '127.0.0.1') {
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, 'http://pages');
    const name = pathname === '/' ? 'index.html' : pathname.slice(1);
    if (!files.has(name)) {
      response.writeHead(404).end();
      return;
    }
    const body = await files.get(name)();
    response.writeHead(200, { 'Content-Type': types[name.split('.').pop()], 'Cache-Control': 'no-store' }).end(body);
  }).listen(0, address);
  await once(server, 'listening');
  return {
    url: `http://${address}:${server.address().port}/`,
    close: () => { server.closeAllConnections(); server.close(); },
  };
}

/** The script of docs/signaling.md, line by line as it stands there; only where the gateway is comes from the page's address. */
async function tutorial() {
  const markdown = await readFile(new URL('../../../docs/signaling.md', import.meta.url), 'utf8');
  const [, script] = /^## A call from a page of your own$[^]*?^```js\n([^]*?)^```$/m.exec(markdown);
  return script.replace('"ws://127.0.0.1:7880"', 'new URLSearchParams(location.search).get("gateway")');
}
