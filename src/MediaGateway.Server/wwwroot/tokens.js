// Where the page's access tokens come from: the gateway itself in development mode, the user otherwise.

import { refusalOf } from "./whip.js";

/** @returns {Promise<?Array<{name: string, live: boolean, viewers: number, codecs: string[]}>>} null outside development mode */
export async function listStreams() {
  const response = await fetch("development/streams");
  return response.ok ? response.json() : null;
}

export async function developmentToken(stream, role) {
  const response = await fetch("development/token", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ stream, role }),
  });
  if (!response.ok) {
    throw await refusalOf(response);
  }
  return (await response.json()).token;
}
