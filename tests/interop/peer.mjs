import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/**
 * A peer on another WebRTC stack, as a child process that tells what happens in JSON lines:
 *   const peer = startPeer('/usr/bin/python3', ['peer.py', 'publish', ...]);
 *   await peer.says('connected');
 * Peers end when their standard input closes.
 */
export function startPeer(command, commandArguments) {
  const child = spawn(command, commandArguments, { stdio: ['pipe', 'pipe', 'pipe'] });
  const exited = once(child, 'exit');
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text) => { errors += text; });
  const said = [];
  let changed = () => {};
  createInterface({ input: child.stdout }).on('line', (line) => {
    said.push(JSON.parse(line));
    changed();
  });
  child.on('exit', () => changed());
  const find = (key) => said.find((value) => key in value);

  return {
    /** The first object with that key. Fails when the peer ends or the time is up without it. */
    async says(key, timeout = 60_000) {
      const timer = setTimeout(() => child.kill('SIGKILL'), timeout);
      while (!find(key) && child.exitCode === null && child.signalCode === null) {
        await new Promise((resolve) => { changed = resolve; });
      }
      clearTimeout(timer);
      if (!find(key)) throw new Error(`${command}: no "${key}" within ${timeout} ms, but ${JSON.stringify(said)}\n${errors}`);
      return find(key);
    },
    async stop() {
      child.stdin.end();
      const timer = setTimeout(() => child.kill('SIGKILL'), 15_000);
      await exited;
      clearTimeout(timer);
      if (child.exitCode !== 0) throw new Error(`${command} ended with ${child.signalCode ?? child.exitCode}\n${errors}`);
      return find('deleted')?.deleted;
    },
    /** For peers that take commands, one JSON object a line. */
    async tell(command) {
      child.stdin.write(`${JSON.stringify(command)}\n`);
    },
    kill: () => child.kill('SIGKILL'),
  };
}
