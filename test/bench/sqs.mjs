// @ts-check
/**
 * One queue through real HTTP beside a bare Node server; a backlog of a million messages; from a send to the start of a
 * function; functions driven by a queue. `node test/bench/sqs.mjs [--seconds 3] [--rounds 3] [--backlog 1000000]`, after
 * `npm run build`.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { freePort, median, repository, startDev, startProgram, untilConnected } from './processes.mjs';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '3' },
    rounds: { type: 'string', default: '3' },
    backlog: { type: 'string', default: '1000000' },
    events: { type: 'string', default: '20000' },
  },
});
const CALLERS = 8;
const scratch = mkdtempSync(join(tmpdir(), 'sls-local-bench-sqs-'));
const agent = new Agent({ keepAlive: true, maxSockets: CALLERS });
const body = JSON.stringify({ order: 1, text: 'x'.repeat(200) });
const urlOf = (/** @type {string} */ queue) => `http://localhost/000000000000/${queue}`;

/**
 * @param {string} base
 * @param {string} operation
 * @param {object} input
 * @returns {Promise<any>}
 */
function call(base, operation, input) {
  return new Promise((resolve, reject) => {
    const text = JSON.stringify(input);
    const headers = {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `AmazonSQS.${operation}`,
      'content-length': Buffer.byteLength(text),
    };
    request(base, { method: 'POST', agent, headers }, (response) => {
      /** @type {Buffer[]} */
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () => {
        const answer = Buffer.concat(chunks).toString();
        if (response.statusCode === 200) resolve(answer === '' ? {} : JSON.parse(answer));
        else reject(new Error(`${operation}: ${answer}`));
      });
    })
      .on('error', reject)
      .end(text);
  });
}

/** Cycles of send, receive and delete a second. @param {string} base */
async function cycles(base) {
  const QueueUrl = urlOf('bench');
  const startedAt = performance.now();
  const until = startedAt + Number(values.seconds) * 1000;
  let done = 0;
  const caller = async () => {
    while (performance.now() < until) {
      await call(base, 'SendMessage', { QueueUrl, MessageBody: body });
      const { Messages = [] } = await call(base, 'ReceiveMessage', { QueueUrl, MaxNumberOfMessages: 1 });
      for (const { ReceiptHandle } of Messages) {
        await call(base, 'DeleteMessage', { QueueUrl, ReceiptHandle });
        done++;
      }
    }
  };
  await Promise.all(Array.from({ length: CALLERS }, caller));
  return done / ((performance.now() - startedAt) / 1000);
}

/** @param {string} base */
async function startFloor(base) {
  const QueueUrl = urlOf('bench');
  const SendMessage = await call(base, 'SendMessage', { QueueUrl, MessageBody: body });
  const ReceiveMessage = await call(base, 'ReceiveMessage', { QueueUrl });
  await call(base, 'PurgeQueue', { QueueUrl });
  const file = join(scratch, 'answers.json');
  writeFileSync(file, JSON.stringify({ SendMessage, ReceiveMessage, DeleteMessage: {} }));
  const port = await freePort();
  const floor = startProgram(process.execPath, [
    join(repository, 'test/bench/dynamodb-floor.mjs'),
    String(port),
    file,
  ]);
  await untilConnected(port);
  return { ...floor, url: `http://127.0.0.1:${port}` };
}

/** @param {string} base @param {string} queue @param {number} count @param {string} [text] */
async function sendMany(base, queue, count, text = body) {
  const QueueUrl = urlOf(queue);
  let left = count / 10;
  const Entries = Array.from({ length: 10 }, (_, at) => ({ Id: String(at), MessageBody: text }));
  const caller = async () => {
    while (left-- > 0) await call(base, 'SendMessageBatch', { QueueUrl, Entries });
  };
  await Promise.all(Array.from({ length: CALLERS }, caller));
}

/** Anonymous memory: pages of the store's file are the kernel's to take back. @param {number} pid */
const memoryMb = (pid) =>
  Number(/RssAnon:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;

/** @param {Awaited<ReturnType<typeof startDev>>} dev */
async function backlog(dev) {
  const count = Number(values.backlog);
  if (count === 0) return;
  const pid = dev.child.pid ?? 0;
  await sendMany(dev.ready.aws, 'backlog', count / 100);
  const before = memoryMb(pid);
  const startedAt = performance.now();
  await sendMany(dev.ready.aws, 'backlog', count);
  const perSecond = count / ((performance.now() - startedAt) / 1000);
  const after = memoryMb(pid);
  const QueueUrl = urlOf('backlog');
  const received = [];
  for (let n = 0; n < 200; n++) {
    const at = performance.now();
    await call(dev.ready.aws, 'ReceiveMessage', { QueueUrl, MaxNumberOfMessages: 10 });
    received.push(performance.now() - at);
  }
  console.log(
    `backlog      ${count.toLocaleString('en-US')} messages sent in tens at ${perSecond.toFixed(0)}/s; memory ${before.toFixed(0)} → ${after.toFixed(0)} MB; receiving ten takes ${median(received).toFixed(2)} ms then`,
  );
}

/** Milliseconds from before the send to the first line of the handler. @param {Awaited<ReturnType<typeof startDev>>} dev */
async function latency(dev) {
  const times = [];
  /** @type {((record: any) => void) | undefined} */
  let ended;
  dev.events((event) => {
    if (event.type === 'invocation' && event.status === 'ended') ended?.(event.record);
  });
  for (let n = 0; n < 220; n++) {
    const next = new Promise((resolve) => {
      ended = resolve;
    });
    const sentAt = process.hrtime.bigint();
    await call(dev.ready.aws, 'SendMessage', { QueueUrl: urlOf('driven'), MessageBody: body });
    const { logs } = await next;
    const startedAt = /started (\d+)/.exec(logs.map((/** @type {any} */ line) => line.text).join('\n'))?.[1];
    // The first few start the instance.
    if (n >= 20) times.push(Number(BigInt(startedAt ?? 0) - sentAt) / 1e6);
  }
  ended = undefined;
  const sorted = times.sort((a, b) => a - b);
  console.log(
    `send → start p50 ${median(sorted).toFixed(2)} ms, p95 ${(sorted[Math.floor(sorted.length * 0.95)] ?? 0).toFixed(2)} ms`,
  );
}

/** @param {Awaited<ReturnType<typeof startDev>>} dev */
async function driven(dev) {
  const count = Number(values.events);
  let handled = 0;
  const all = new Promise((resolve) =>
    dev.events((event) => {
      if (event.type !== 'invocation' || event.status !== 'ended') return;
      handled += JSON.parse(event.record.event).Records.length;
      if (handled >= count) resolve(undefined);
    }),
  );
  const startedAt = performance.now();
  await sendMany(dev.ready.aws, 'driven', count, '{"id":1}');
  const sentMs = performance.now() - startedAt;
  await all;
  const elapsed = (performance.now() - startedAt) / 1000;
  console.log(
    `driven       ${(count / elapsed).toFixed(0)} messages/s through a function, batches of up to 10 (sending alone: ${((1000 * count) / sentMs).toFixed(0)}/s)`,
  );
}

async function main() {
  const project = join(scratch, 'project');
  mkdirSync(project);
  writeFileSync(
    join(project, 'worker.mjs'),
    `export const handler = async () => { console.log('started', String(process.hrtime.bigint())); };\n`,
  );
  writeFileSync(
    join(project, 'template.json'),
    JSON.stringify({
      Transform: 'AWS::Serverless-2016-10-31',
      Resources: {
        Bench: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'bench' } },
        Backlog: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'backlog' } },
        Driven: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'driven' } },
        Worker: {
          Type: 'AWS::Serverless::Function',
          Properties: {
            ...{ Handler: 'worker.handler', Runtime: 'nodejs20.x', CodeUri: '.' },
            Events: {
              Messages: {
                Type: 'SQS',
                Properties: { Queue: { 'Fn::GetAtt': ['Driven', 'Arn'] }, BatchSize: 10 },
              },
            },
          },
        },
      },
    }),
  );
  const load = () =>
    loadavg()
      .map((one) => one.toFixed(2))
      .join(' ');
  console.log(`load average ${load()}`);
  const dev = await startDev(project, ['--backend', 'process']);
  const floor = await startFloor(dev.ready.aws);
  try {
    /** @type {number[]} */
    const ours = [];
    /** @type {number[]} */
    const bare = [];
    for (let round = 0; round < Number(values.rounds); round++) {
      ours.push(await cycles(dev.ready.aws));
      bare.push(await cycles(floor.url));
    }
    for (const [name, found] of /** @type {[string, any][]} */ ([
      ['sls-local', ours],
      ['bare server', bare],
    ]))
      console.log(
        `${name.padEnd(12)} ${median(found).toFixed(0)} cycles of send, receive, delete a second = ${(3 * median(found)).toFixed(0)} requests/s`,
      );
    await latency(dev);
    await driven(dev);
    await backlog(dev);
    console.log(`load average ${load()}`);
  } finally {
    await dev.stop();
    await floor.stop();
  }
}

try {
  await main();
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
process.exit();
