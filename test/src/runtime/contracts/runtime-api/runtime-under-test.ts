/** An open Runtime API session and a raw HTTP client that plays the runtime. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type Agent, type ClientRequest, type IncomingHttpHeaders, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { LogLine } from '../../../../../src/model/invocation.ts';
import type { FunctionSpec } from '../../../../../src/model/project.ts';
import type { Artifact, ContractSession, Delivery } from '../../../../../src/model/runtime.ts';
import { makeRuntimeApiContract } from '../../../../../src/runtime/contracts/runtime-api/contract.ts';
import { type FakeClock, makeFakeClock } from '../../../../../src/std/clock.ts';
import { makeSeededIds } from '../../../../../src/std/ids.ts';

export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface CallOptions {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string | Buffer;
  readonly trailers?: Record<string, string>;
  readonly agent?: Agent;
}

export interface RuntimeUnderTest {
  readonly session: ContractSession;
  readonly clock: FakeClock;
  readonly logs: readonly LogLine[];
  readonly folder: string;
  /** `path` is what follows `/2018-06-01`. */
  call(path: string, options?: CallOptions): Promise<Reply>;
  /** A call whose connection the test holds in its hand. */
  open(path: string, options?: CallOptions): ClientRequest;
  next(): Promise<Reply>;
}

export async function openRuntime(fn: Partial<FunctionSpec> = {}): Promise<RuntimeUnderTest> {
  const folder = mkdtempSync(join(tmpdir(), 'sls-local-test-'));
  writeFileSync(join(folder, 'bootstrap'), '#!/bin/sh\n', { mode: 0o755 });
  const clock = makeFakeClock();
  const logs: LogLine[] = [];
  const contract = makeRuntimeApiContract({ clock, ids: makeSeededIds(1) });
  const session = await contract.open(
    'instance-1',
    makeFunction(fn),
    makeArtifact(folder),
    { bindHost: '127.0.0.1', reachHost: '127.0.0.1', unixSockets: true },
    { debug: false, onLog: (line) => logs.push(line) },
  );
  onTestFinished(async () => {
    await session.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const api = session.setup.env.AWS_LAMBDA_RUNTIME_API ?? '';
  const open = (path: string, options: CallOptions = {}) => {
    const [hostname, port] = api.split(':');
    const headers = {
      ...options.headers,
      ...(options.trailers && { Trailer: Object.keys(options.trailers).join(', ') }),
    };
    return request({
      hostname,
      port,
      path: path.startsWith('/20') ? path : `/2018-06-01${path}`,
      method: options.method ?? 'GET',
      headers,
      agent: options.agent ?? false,
    });
  };
  const call = (path: string, options: CallOptions = {}) =>
    new Promise<Reply>((resolve, reject) => {
      const sent = open(path, options);
      sent.once('error', reject);
      sent.once('response', (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.once('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks).toString('utf8'),
          }),
        );
      });
      if (options.trailers) {
        sent.write(options.body ?? '');
        sent.addTrailers(options.trailers);
        sent.end();
      } else sent.end(options.body);
    });
  return { session, clock, logs, folder, call, open, next: () => call('/runtime/invocation/next') };
}

export function makeFunction(fn: Partial<FunctionSpec> = {}): FunctionSpec {
  return {
    id: 'hello',
    name: 'shop-dev-hello',
    arn: 'arn:aws:lambda:us-east-1:000000000000:function:shop-dev-hello',
    handler: 'index.handler',
    runtime: 'provided.al2023',
    codeRoot: '/',
    env: {},
    memoryMb: 128,
    timeoutMs: 3000,
    architecture: 'x86_64',
    layers: [],
    external: [],
    ...fn,
  };
}

export function makeArtifact(dir: string): Artifact {
  return { id: 'a1', functionId: 'hello', dir, handler: 'index.handler', inputs: [] };
}

export function makeDelivery(delivery: Partial<Delivery> = {}): Delivery {
  return {
    requestId: '8476a536-e9f4-11e8-9739-2dfe598c3fcd',
    event: '{"n":1}',
    deadlineAt: 1_767_225_603_000,
    invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:shop-dev-hello',
    traceHeader: 'Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=1',
    ...delivery,
  };
}
