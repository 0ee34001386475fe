/** A DynamoDB behind a real endpoint, and clients that hold many connections to it. */
import { Agent, request } from 'node:http';
import type { CborMembers } from '../../../emulators/_wire/cbor.ts';
import { decodeCbor, encodeCbor } from '../../../emulators/_wire/cbor.ts';
import type { JsonObject } from '../../../src/model/emulator.ts';
import { startTestEndpoint } from '../_wire/running-endpoint.ts';
import type { TestDynamodb } from './running-dynamodb.ts';

export interface Answer {
  readonly status: number;
  readonly body: JsonObject;
  /** Of the error; undefined for an answer that is none. */
  readonly code: string | undefined;
}

export interface Client {
  /** `operation` of `DynamoDB_20120810`, or `DynamoDBStreams_20120810.GetRecords`. */
  call(operation: string, input: JsonObject): Promise<Answer>;
  /** The same in the other form of the protocol. */
  callCbor(operation: string, input: JsonObject): Promise<Answer>;
  close(): void;
}

export interface Served {
  readonly url: string;
  readonly bugs: readonly unknown[];
  close(): Promise<void>;
}

export async function serve({ running }: TestDynamodb): Promise<Served> {
  const { api, furtherApis = [] } = running;
  const { endpoint, url, bugs } = await startTestEndpoint(() => (api ? [api, ...furtherApis] : furtherApis));
  return { url, bugs, close: () => endpoint.close() };
}

const members: CborMembers = { blobs: new Set(['B', 'BS']), timestamps: new Set() };

export function connect(url: string, connections: number): Client {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const { hostname, port } = new URL(url);

  const send = (path: string, headers: Record<string, string>, body: Buffer) =>
    new Promise<{ status: number; body: Buffer }>((resolve, reject) => {
      const req = request({ agent, hostname, port, path, method: 'POST', headers }, (res) => {
        const chunks: Buffer[] = [];
        res.on('data', (chunk: Buffer) => chunks.push(chunk));
        res.on('end', () => resolve({ status: res.statusCode ?? 0, body: Buffer.concat(chunks) }));
        res.on('error', reject);
      });
      req.on('error', reject);
      req.end(body);
    });

  return {
    async call(operation, input) {
      const target = operation.includes('.') ? operation : `DynamoDB_20120810.${operation}`;
      const headers = { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': target };
      const { status, body } = await send('/', headers, Buffer.from(JSON.stringify(input)));
      return answerOf(status, JSON.parse(body.toString()) as JsonObject);
    },
    async callCbor(operation, input) {
      const path = `/service/DynamoDB_20120810/operation/${operation}`;
      const headers = { 'content-type': 'application/cbor', 'smithy-protocol': 'rpc-v2-cbor' };
      const { status, body } = await send(path, headers, encodeCbor(input, members));
      return answerOf(status, decodeCbor(body) as JsonObject);
    },
    close: () => agent.destroy(),
  };
}

function answerOf(status: number, body: JsonObject): Answer {
  const type = typeof body.__type === 'string' ? body.__type : undefined;
  return { status, body, code: status === 200 ? undefined : type?.split('#').at(-1) };
}
