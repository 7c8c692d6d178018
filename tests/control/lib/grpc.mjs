import grpc from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { protoFiles, protos } from './control.mjs';

const definition = loadSync(protoFiles, { includeDirs: [protos], longs: Number, enums: String, defaults: true, oneofs: true });
const { v1 } = grpc.loadPackageDefinition(definition).mediagateway;

/** A client of one service: unary methods return promises, streaming ones the call. */
export function client(service, address, token, options = {}) {
  const stub = new v1[service](address, grpc.credentials.createInsecure(), {
    'grpc.max_receive_message_length': 64 * 1024 * 1024, 'grpc.max_send_message_length': 64 * 1024 * 1024, ...options,
  });
  const metadata = new grpc.Metadata();
  if (token) metadata.set('authorization', `Bearer ${token}`);
  return new Proxy(stub, {
    get(target, name) {
      const method = v1[service].service[name] ?? Object.values(v1[service].service).find(({ originalName }) => originalName === name);
      if (!method) return target[name]?.bind(target);
      if (method.responseStream) return (request = {}, callOptions = {}) => target[name](request, metadata, callOptions);
      return (request = {}, callOptions = {}) => new Promise((resolve, reject) => {
        target[name](request, metadata, callOptions, (error, answer) => (error ? reject(error) : resolve(answer)));
      });
    },
  });
}

export { grpc };
