// Where access tokens come from: the gateway itself in development mode, the user otherwise.

/** Development mode is what has its endpoints. */
export async function isDevelopment() {
  const response = await fetch("../development/streams").catch(() => null);
  return response?.ok === true;
}

export async function developmentToken(room, identity, name) {
  const response = await fetch("../development/token", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ room, identity, name }),
  });
  const answer = await response.json();
  if (!response.ok) {
    throw new Error(`${answer.title}. ${answer.detail}`);
  }
  return answer.token;
}
