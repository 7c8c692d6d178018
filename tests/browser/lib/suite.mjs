import { after, before } from 'node:test';
import { startGateway } from './gateway.mjs';
import { openProbe } from './media-probe.mjs';
import { servePages } from './pages.mjs';

/**
 * What the tests of one file share: a gateway, an origin with the probe page, and a browser. Every test has streams
 * and pages of its own; the pages are closed when it ends, so that no test encodes on another's time.
 */
export function useSuite({ launch, pagesAddress, ...gatewayOptions }) {
  const suite = {
    async probe(test) {
      const probe = await openProbe(suite.browser, suite.pages.url);
      test.after(() => probe.close().catch(() => {}));
      return probe;
    },
    publish: async (test, stream, options = {}) => (await suite.probe(test)).publish(suite.publishOptions(stream, options)),
    watch: async (test, stream, options = {}) => (await suite.probe(test)).watch(suite.watchOptions(stream, options)),
    publishOptions: (stream, { query, token, ...options } = {}) => ({
      endpoint: suite.gateway.whip(stream, query),
      token: token ?? suite.gateway.token({ room: stream, subscribe: false }),
      ...options,
    }),
    watchOptions: (stream, { query, token, ...options } = {}) => ({
      endpoint: suite.gateway.whep(stream, query),
      token: token ?? suite.gateway.token({ room: stream, publish: false }),
      ...options,
    }),
  };
  before(async () => {
    suite.gateway = await startGateway(gatewayOptions);
    suite.pages = await servePages(pagesAddress ?? gatewayOptions.address);
    suite.browser = await launch();
  });
  after(async () => {
    await suite.browser?.close();
    suite.pages?.close();
    await suite.gateway?.stop();
    if (process.env.GATEWAY_LOG) console.error(suite.gateway.log);
  });
  return suite;
}
