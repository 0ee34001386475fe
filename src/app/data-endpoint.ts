/** Calls DynamoDB operations of a running session through its AWS endpoint. */
import { Agent, request } from 'node:http';
import type { JsonObject } from '../model/emulator.ts';
import { messageOf, SlsError } from '../std/errors.ts';
import { type TableCall, TableRefusal } from './data-call.ts';

export interface EndpointTables {
  readonly call: TableCall;
  close(): void;
}

/** `url` is the session's AWS endpoint. Calls throw `SlsError` `session-unreachable` when nothing answers there. */
export function openEndpointTables(url: string): EndpointTables {
  const agent = new Agent({ keepAlive: true });
  return {
    call: (operation, input) => post(url, agent, operation, JSON.stringify(input)),
    close: () => agent.destroy(),
  };
}

function post(url: string, agent: Agent, operation: string, body: string): Promise<JsonObject> {
  const headers = {
    'content-type': 'application/x-amz-json-1.0',
    'content-length': Buffer.byteLength(body),
    'x-amz-target': `DynamoDB_20120810.${operation}`,
  };
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', agent, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', (cause) => reject(unreachable(url, cause)));
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        try {
          const answer = JSON.parse(text || '{}') as JsonObject;
          if (response.statusCode === 200) resolve(answer);
          else reject(refusalOf(answer));
        } catch {
          reject(new SlsError('session-answer', `${url} answered ${operation} with "${text.slice(0, 80)}"`));
        }
      });
    });
    sent.on('error', (cause) => reject(unreachable(url, cause)));
    sent.end(body);
  });
}

function refusalOf(answer: JsonObject): TableRefusal {
  const { __type: type, message, Message } = answer;
  const code = String(type ?? 'UnknownError')
    .split('#')
    .pop();
  return new TableRefusal(code ?? 'UnknownError', String(message ?? Message ?? code));
}

function unreachable(url: string, cause: unknown): SlsError {
  return new SlsError('session-unreachable', `the session at ${url} does not answer: ${messageOf(cause)}`, {
    hint: 'was it stopped? run the command again to work without it',
    cause,
  });
}
