/** Brings one batch of records to a subscriber in the instance: an HTTP request, or lines on a TCP connection. */
import { request } from 'node:http';
import { connect } from 'node:net';
import type { Destination } from './subscription.ts';

/** A subscriber that does not answer keeps its next batch waiting no longer. */
const PATIENCE_MS = 2000;

/** `records`: one JSON text each. Rejects when the subscriber cannot be reached or answers with an error. */
export function deliverTelemetry(
  host: string,
  destination: Destination,
  records: readonly string[],
): Promise<void> {
  return destination.protocol === 'TCP'
    ? writeLines(host, destination.port, records)
    : post(host, destination, `[${records.join(',')}]`);
}

function post(
  host: string,
  { method, path, port }: Extract<Destination, { protocol: 'HTTP' }>,
  body: string,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) };
    // A connection for each batch: batches are seconds apart, and nothing is left open when the instance freezes.
    const call = request(
      { host, port, method, path, headers, agent: false, timeout: PATIENCE_MS },
      (answer) => {
        answer.resume();
        answer.once('close', () => {
          const { statusCode = 500 } = answer;
          if (statusCode < 300) resolve();
          else reject(new Error(`the subscriber answered with status ${statusCode}`));
        });
      },
    );
    call.once('timeout', () => call.destroy(new Error(`no answer within ${PATIENCE_MS} ms`)));
    call.once('error', reject);
    call.end(body);
  });
}

function writeLines(host: string, port: number, records: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port });
    socket.setTimeout(PATIENCE_MS, () => socket.destroy(new Error(`not taken within ${PATIENCE_MS} ms`)));
    socket.once('error', reject);
    socket.once('close', () => resolve());
    socket.resume();
    socket.end(records.map((record) => `${record}\n`).join(''));
  });
}
