import path from 'node:path';
import { after, before } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startGateway } from '../../browser/lib/gateway.mjs';

export const protos = fileURLToPath(new URL('../../../protos/', import.meta.url));

export const protoFiles = ['access', 'rooms', 'participants', 'tracks', 'live_streams', 'events', 'stats', 'node']
  .map((name) => `mediagateway/v1/${name}.proto`);

export const protoPath = (file) => path.join(protos, file);

/** A gateway for the tests of one file, and a token that may do everything. */
export function useGateway(options) {
  const suite = {};
  before(async () => {
    suite.gateway = await startGateway(options);
    suite.token = suite.gateway.token({ identity: 'director', grants: { nodeAdmin: true } });
  });
  after(() => suite.gateway?.stop());
  return suite;
}
