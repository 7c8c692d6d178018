import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import { once } from 'node:events';

export async function freeTcpPort(address = '127.0.0.1') {
  const server = createServer().listen(0, address);
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

export async function freeUdpPort(address = '127.0.0.1') {
  const socket = createSocket('udp4').bind(0, address);
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  await once(socket, 'close');
  return port;
}
