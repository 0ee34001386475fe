/** Reads what a service answered to something sent: its words where it refused, else what it calls the thing. */
import { SlsError } from '../../std/errors.ts';
import type { Answer } from './endpoint.ts';
import type { Sending } from './wire-request.ts';

/** JSON value of the answer; of S3 what its headers say. Throws `SlsError` `send-refused` with the service's own words. */
export function readAnswer({ kind, name, waits }: Sending, { status, headers, text }: Answer): unknown {
  if (status >= 300)
    throw refused(kind, name, refusalOf(text, headers['x-amzn-errortype'] ?? `status ${status}`));
  if (kind === 'bucket') return { ETag: headers.etag, VersionId: headers['x-amz-version-id'] };
  if (kind === 'function') return functionAnswer(headers['x-amz-function-error'], text, waits, headers);
  const answer = parsed(text) as Record<string, unknown>;
  const [entry] = (answer.Entries ?? []) as { ErrorCode?: string; ErrorMessage?: string }[];
  if (entry?.ErrorCode !== undefined) throw refused(kind, name, `${entry.ErrorCode}: ${entry.ErrorMessage}`);
  return answer;
}

function functionAnswer(error: unknown, text: string, waits: boolean, headers: Answer['headers']): unknown {
  if (!waits) return { requestId: headers['x-amzn-requestid'] };
  if (error === undefined) return parsed(text);
  throw new SlsError('function-failed', `the function failed (${String(error)}): ${text}`, { exitCode: 1 });
}

function refused(kind: string, name: string, words: string): SlsError {
  return new SlsError('send-refused', `nothing was sent to the ${kind} "${name}": ${words}`, {
    hint: 'see what there is with: sls-local check',
    exitCode: 1,
  });
}

/** `QueueDoesNotExist: …` out of JSON, or of S3's XML; `named` is what the headers call it. */
function refusalOf(text: string, named: unknown): string {
  const xml = /<Code>([^<]*)<\/Code>\s*<Message>([^<]*)<\/Message>/.exec(text);
  if (xml) return `${xml[1]}: ${xml[2]}`;
  const { __type: type, message, Message } = parsed(text) as Record<string, unknown>;
  const code = String(type ?? named)
    .split('#')
    .pop();
  const words = message ?? Message;
  return words === undefined ? `${code}` : `${code}: ${String(words)}`;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return { text };
  }
}

/** `message 5b2d…`, `record 4959… of shardId-…`, … */
export function answerText({ kind }: Sending, answer: unknown): string {
  const members = answer as Record<string, unknown>;
  if (kind === 'function') return JSON.stringify(answer);
  if (kind === 'bus') return `event ${(members.Entries as { EventId: string }[])[0]?.EventId}`;
  if (kind === 'stream') return `record ${members.SequenceNumber} of ${members.ShardId}`;
  if (kind === 'bucket') return `object ${members.ETag}`;
  return kind === 'table' ? 'item' : `message ${members.MessageId}`;
}
