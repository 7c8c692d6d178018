import { createServer } from 'node:http';
import { once } from 'node:events';
import { gunzipSync } from 'node:zlib';

/**
 * Takes in traces by OTLP over HTTP in protobuf (opentelemetry/proto/trace/v1/trace.proto), as a collector does:
 *   const receiver = await startReceiver();
 *   receiver.environment, receiver.spans
 */
export async function startReceiver() {
  const spans = [];
  const server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    if (request.url === '/v1/traces') spans.push(...spansOf(request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body));
    response.writeHead(200, { 'Content-Type': 'application/x-protobuf' }).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    spans,
    /** What a gateway is started with, so that its traces come here. */
    environment: {
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `http://127.0.0.1:${server.address().port}/v1/traces`,
      OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'http/protobuf',
      OTEL_BSP_SCHEDULE_DELAY: '200',
    },
    close: () => { server.closeAllConnections(); server.close(); },
  };
}

/** The fields of a protobuf message: [number, value] pairs; bytes as Buffers, numbers as BigInts. */
function* fieldsOf(message) {
  let at = 0;
  const varint = () => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = message[at++];
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  while (at < message.length) {
    const tag = Number(varint());
    switch (tag & 7) {
      case 0: yield [tag >> 3, varint()]; break;
      case 1: yield [tag >> 3, message.readBigUInt64LE(at)]; at += 8; break;
      case 2: { const length = Number(varint()); yield [tag >> 3, message.subarray(at, at + length)]; at += length; break; }
      case 5: yield [tag >> 3, BigInt(message.readUInt32LE(at))]; at += 4; break;
      default: throw new Error(`wire type ${tag & 7}`);
    }
  }
}

const all = (message, number) => [...fieldsOf(message)].filter(([field]) => field === number).map(([, value]) => value);

/** The spans of an ExportTraceServiceRequest: resource_spans = 1, scope_spans = 2, spans = 2. */
const spansOf = (request) => all(request, 1).flatMap((resource) => all(resource, 2)).flatMap((scope) => all(scope, 2)).map(spanOf);

function spanOf(message) {
  const first = (number) => all(message, number)[0];
  const status = first(15);
  return {
    trace: first(1).toString('hex'),
    id: first(2).toString('hex'),
    parent: first(4)?.toString('hex') ?? '',
    name: first(5).toString(),
    start: Number(first(7)) / 1e6, // milliseconds
    end: Number(first(8)) / 1e6,
    attributes: Object.fromEntries(all(message, 9).map(attributeOf)),
    ok: status === undefined || Number(all(status, 3)[0] ?? 0n) !== 2,
  };
}

/** key = 1, value = 2: AnyValue { string_value = 1, bool_value = 2, int_value = 3 }. */
function attributeOf(message) {
  const [value] = [...fieldsOf(all(message, 2)[0])];
  return [all(message, 1)[0].toString(), Buffer.isBuffer(value?.[1]) ? value[1].toString() : Number(value?.[1] ?? 0n)];
}
