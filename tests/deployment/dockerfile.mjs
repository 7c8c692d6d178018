import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import path from 'node:path';

export const root = fileURLToPath(new URL('../../', import.meta.url));

export const read = (name) => readFile(path.join(root, name), 'utf8');

/** The instructions of a Dockerfile, by stage: { from, instructions: [{ name, text }] }. */
export function stagesOf(dockerfile) {
  const lines = dockerfile.split('\n').filter((line) => !/^\s*(#|$)/.test(line)).join('\n').replace(/\\\n\s*/g, '').split('\n');
  const stages = [];
  for (const line of lines) {
    const [, name, text] = /^([A-Z]+)\s+(.*)$/.exec(line) ?? [];
    if (name === 'FROM') stages.push({ from: text, instructions: [] });
    else stages.at(-1)?.instructions.push({ name, text });
  }
  return stages;
}
