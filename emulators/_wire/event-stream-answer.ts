/** An answer that is an event stream: the head at once, then each event as it happens, until the last one or the caller is gone. */
import type { JsonObject } from '../../src/model/emulator.ts';
import type { WriteEvent } from '../../src/model/service-api.ts';
import { EVENT_STREAM_TYPE, encodeEvent } from './event-stream.ts';
import { untilDrained } from './until-drained.ts';
import type { Exchange } from './wire-call.ts';

/** `contentType` and `encode` are the protocol's. Never rejects: what fails within the stream tears it. */
export async function writeEventStream(
  { res, requestId }: Exchange,
  contentType: string,
  encode: (event: JsonObject) => Buffer,
  produce: (write: WriteEvent) => Promise<void>,
): Promise<void> {
  let gone = false;
  res.once('close', () => {
    gone = true;
  });
  const write: WriteEvent = (type, event) => {
    if (gone) return;
    if (!res.write(encodeEvent(type, contentType, encode(event)))) return untilDrained(res);
  };
  res.writeHead(200, { 'content-type': EVENT_STREAM_TYPE, 'x-amzn-requestid': requestId });
  try {
    // Clients wait for it: it stands for the members of the answer that are no stream.
    await write('initial-response', {});
    await produce(write);
    res.end();
  } catch {
    res.destroy();
  }
}
