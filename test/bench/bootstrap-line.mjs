// @ts-check
/** Plays the host to one instance of our Node.js bootstrap: starts it, tells it its function, times what it does. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repository } from './processes.mjs';

const [HELLO, ASSIGN, READY, INIT_ERROR, INVOKE, RESULT, CODE, CODE_END] = [1, 2, 4, 5, 6, 7, 30, 31];

/**
 * An instance that has booted and waits. With `settleMs` it has waited so long, as one of the pool has.
 * @param {{ node?: string, settleMs?: number }} [options]
 */
export async function bootInstance({ node = process.execPath, settleMs = 0 } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'sls-bench-'));
  const server = createServer();
  server.listen(join(folder, 's'));
  await once(server, 'listening');
  const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env;
  const child = spawn(node, [join(repository, 'dist/bootstrap/node.cjs')], {
    env: {
      ...env,
      SLS_LOCAL_LINE: `unix:${join(folder, 's')}`,
      SLS_LOCAL_TOKEN: 't',
      AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
      AWS_REGION: 'us-east-1',
    },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const [socket] = await once(server, 'connection');
  /** @type {Map<number, (body: Buffer) => void>} */
  const waiting = new Map();
  /** @type {Buffer[]} */
  const code = [];
  socket.on(
    'data',
    makeReader((type, body) => {
      if (type === CODE) code.push(Buffer.from(body));
      if (type === INIT_ERROR) throw new Error(body.toString());
      waiting.get(type)?.(Buffer.from(body));
    }),
  );
  /** @param {number} type @returns {Promise<Buffer>} */
  const frame = (type) => new Promise((resolve) => waiting.set(type, resolve));
  await frame(HELLO);
  await new Promise((resolve) => setTimeout(resolve, settleMs));

  return {
    /** Processor time its main thread has used, in ms; NaN where there is no /proc. */
    processorMs: () => mainThreadMs(child.pid),
    /**
     * Milliseconds by our stopwatch, and by the instance.
     * @param {{ dir: string, cache?: { folder: string, record?: string }, measured?: true }} task
     */
    async become({ dir, cache, measured }) {
      const ready = frame(READY);
      const from = performance.now();
      socket.write(
        encode(
          ASSIGN,
          JSON.stringify({ handler: 'index.handler', dir, env: {}, debug: false, cache, measured }),
        ),
      );
      const body = await ready;
      const watchedMs = performance.now() - from;
      return { watchedMs, ...JSON.parse(body.toString('utf8', 4)) };
    },
    /** One event. */
    async handle() {
      const result = frame(RESULT);
      const meta = Buffer.from(
        JSON.stringify({ id: 'r', deadline: Date.now() + 3000, arn: 'a', trace: 't' }),
      );
      const length = Buffer.alloc(4);
      length.writeUInt32BE(meta.length);
      socket.write(encode(INVOKE, Buffer.concat([length, meta, Buffer.from('{}')])));
      await result;
    },
    /** Waits for the compiled code and writes its file. @param {string} into */
    async keepCode(into) {
      const name = (await frame(CODE_END)).toString();
      if (code.length === 0) return 0;
      writeFileSync(join(into, 'draft'), Buffer.concat(code));
      renameSync(join(into, 'draft'), join(into, name));
      return Buffer.concat(code).length;
    },
    async end() {
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
      socket.destroy();
      server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** @param {number | undefined} pid */
function mainThreadMs(pid) {
  try {
    return Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6;
  } catch {
    return Number.NaN;
  }
}

/** @param {number} type @param {string | Buffer} payload */
function encode(type, payload) {
  const body = Buffer.from(payload);
  const head = Buffer.alloc(5);
  head.writeUInt32BE(body.length);
  head[4] = type;
  return Buffer.concat([head, body]);
}

/** @param {(type: number, body: Buffer) => void} onFrame */
function makeReader(onFrame) {
  let rest = Buffer.alloc(0);
  return (/** @type {Buffer} */ chunk) => {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= 5 && rest.length >= 5 + rest.readUInt32BE(0)) {
      const end = 5 + rest.readUInt32BE(0);
      onFrame(rest.readUInt8(4), rest.subarray(5, end));
      rest = rest.subarray(end);
    }
  };
}
