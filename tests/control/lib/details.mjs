import { fileURLToPath } from 'node:url';
import path from 'node:path';
import protobuf from 'protobufjs';

export const rpcProtos = fileURLToPath(new URL('../protos/', import.meta.url));

const root = new protobuf.Root();
root.resolvePath = (origin, target) => (target.startsWith('google/rpc/') ? path.join(rpcProtos, target) : target);
root.loadSync(['google/rpc/status.proto', 'google/rpc/error_details.proto'], { keepCase: false });
const type = (name) => root.lookupType(`google.rpc.${name}`);

/** The details of a refusal by their type's name, from what gRPC's trailers carry: `{ ErrorInfo: { reason, domain } }`. */
export function detailsOf(bytes) {
  const { code, message, details } = type('Status').decode(bytes);
  const read = (any) => {
    const name = any.type_url.split('google.rpc.')[1];
    return [name, type(name).toObject(type(name).decode(any.value), { arrays: true })];
  };
  return { code, message, ...Object.fromEntries(details.map(read)) };
}
