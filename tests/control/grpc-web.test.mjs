import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { launchChromium } from '../browser/lib/chromium.mjs';
import { protos, protoFiles, useGateway } from './lib/control.mjs';
import { loadSync } from '@grpc/proto-loader';

const definition = loadSync(protoFiles, { includeDirs: [protos], enums: String, defaults: true, oneofs: true });

/** What grpc-web's generated clients do, with messages that are coded here: bytes go in, bytes come out. */
async function callInPage({ url, method, request, token, format, messages }) {
  const { GrpcWebClientBase, MethodDescriptor, MethodType } = globalThis.grpcWeb;
  const bytes = (value) => Uint8Array.from(value);
  const descriptor = new MethodDescriptor(method, messages ? MethodType.SERVER_STREAMING : MethodType.UNARY, Uint8Array, Uint8Array, bytes, (answer) => [...answer]);
  const client = new GrpcWebClientBase({ format });
  const metadata = { Authorization: `Bearer ${token}` };
  if (!messages) {
    return client.unaryCall(url + method, bytes(request), metadata, descriptor).then((answer) => ({ answer }), ({ code, message }) => ({ code, message }));
  }
  const answers = [];
  const stream = client.serverStreaming(url + method, bytes(request), metadata, descriptor);
  return new Promise((resolve) => {
    stream.on('data', (answer) => {
      answers.push(answer);
      if (answers.length < messages) return;
      stream.cancel();
      resolve({ answers });
    });
    stream.on('error', ({ code, message }) => resolve({ code, message }));
  });
}

describe('grpc-web in Chromium, from a page of another origin', () => {
  const suite = useGateway();
  let browser;
  let server;
  let page;

  before(async () => {
    const library = await readFile(new URL('node_modules/grpc-web/index.js', import.meta.url), 'utf8');
    server = createServer((request, response) => response.setHeader('Content-Type', 'text/html').end('<!doctype html><title>grpc-web</title>')).listen(0, '127.0.0.1');
    browser = await launchChromium();
    page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${server.address().port}/`);
    await page.evaluate((source) => {
      const exports = {};
      new Function('exports', 'module', source)(exports, { exports });
      globalThis.grpcWeb = exports;
    }, library);
  });
  after(async () => {
    await browser?.close();
    server?.close();
  });

  const call = async (service, name, request, options) => {
    const { path, requestSerialize, responseDeserialize } = definition[`mediagateway.v1.${service}`][name];
    const outcome = await page.evaluate(callInPage, {
      url: suite.gateway.url, method: path, request: [...requestSerialize(request)], token: suite.token, ...options,
    });
    const read = (bytes) => responseDeserialize(Buffer.from(bytes));
    return { ...outcome, answer: outcome.answer && read(outcome.answer), answers: outcome.answers?.map(read) };
  };

  for (const format of ['text', 'binary']) {
    test(`Unary calls and refusals, ${format}`, async () => {
      const { answer } = await call('RoomService', 'CreateRoom', { name: format, metadata: 'é' }, { format });
      assert.deepEqual([answer.created, answer.room.metadata], [true, 'é']);
      const { code, message } = await call('RoomService', 'GetRoom', { name: 'none' }, { format });
      assert.deepEqual([code, message], [5, 'There is no room none.']);
    });
  }

  test('A watch, text', async () => {
    const { answers } = await call('EventService', 'Watch', { heartbeatSeconds: 1 }, { format: 'text', messages: 2 });
    assert.deepEqual(answers.map(({ event }) => event), ['snapshotPart', 'heartbeat']);
  });
});
