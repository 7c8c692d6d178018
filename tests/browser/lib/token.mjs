import { createHmac } from 'node:crypto';

const base64url = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

/**
 * An access token as the gateway's back ends sign it: JWT, HS256, `video` grants. It is written out here rather than
 * made by the gateway's own command, so that a mistake in the one is not repeated in the other.
 */
export function signToken({ key, secret, identity, name, room, publish, subscribe, publishData, grants = {}, validForSeconds = 600, now = Date.now() }) {
  const seconds = Math.floor(now / 1000);
  const video = { roomJoin: true, room, ...grants };
  if (publish !== undefined) video.canPublish = publish;
  if (subscribe !== undefined) video.canSubscribe = subscribe;
  if (publishData !== undefined) video.canPublishData = publishData;
  const claims = { iss: key, sub: identity, nbf: seconds - 5, exp: seconds + validForSeconds, video };
  if (name !== undefined) claims.name = name;
  const signed = `${base64url({ alg: 'HS256', typ: 'JWT' })}.${base64url(claims)}`;
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}
