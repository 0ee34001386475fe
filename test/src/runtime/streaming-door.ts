/** The door before one real instance, for tests of streamed responses: process, bootstrap and frame channel are the product's. */
import { makeDirectInvoke } from '../../../src/invoke/direct.ts';
import type { Invoke, InvokeRequest, ResponseListener } from '../../../src/model/invocation.ts';
import { type Sample, sampleFunction, startSample } from '../../suites/running-instance.ts';
import { openProcessParts } from './process-parts.ts';

export interface StreamingDoor {
  readonly invoke: Invoke;
  close(): Promise<void>;
}

export async function openStreamingDoor(handler: string, more: Partial<Sample> = {}): Promise<StreamingDoor> {
  const parts = openProcessParts();
  const sample = { runtime: 'nodejs22.x', handler: `streaming.${handler}`, ...more };
  const running = await startSample(parts, sample);
  const { instance } = running;
  await running.started;
  const fn = sampleFunction(sample);
  const invoke = makeDirectInvoke({
    clock: parts.clock,
    functionById: () => fn,
    pool: {
      lease() {
        instance.take();
        let tookMs = 0;
        return {
          status: 'leased',
          instanceId: instance.id,
          artifactId: 'built',
          async invoke(delivery, timeoutMs, watch) {
            const { end, handlerMs } = await instance.invoke(delivery, timeoutMs, watch);
            tookMs = handlerMs;
            return end;
          },
          handlerMs: () => tookMs,
          cpuMs: () => undefined,
          memoryPeakBytes: () => undefined,
          release: () => instance.giveBack(),
        };
      },
    },
  });
  return {
    invoke,
    async close() {
      await instance.kill();
      await parts.close();
    },
  };
}

export function makeRequest(event: unknown, response?: ResponseListener): InvokeRequest {
  return {
    functionId: 'sample',
    event: JSON.stringify(event),
    cause: { kind: 'cli' },
    trace: { traceId: '1-5759e988-bd862e3fe1be46a994272793' },
    spanId: '53995c3f42cd8ad8',
    recordId: '000000000000000000a',
    requestId: 'c0ffee00-0000-4000-8000-000000000001',
    attempt: 1,
    ...(response ? { response } : {}),
  };
}

/** Hears a response, and calls back with what has come of it. */
export function makeListener(onText: (text: string) => void | Promise<void> = () => {}) {
  const heard = { type: undefined as string | undefined, text: '', sizeBytes: 0 };
  const listener: ResponseListener = {
    begin(contentType) {
      heard.type = contentType;
    },
    take(bytes) {
      heard.sizeBytes += bytes.length;
      if (heard.sizeBytes < 1_000_000) heard.text += bytes.toString('utf8');
      return onText(heard.text);
    },
  };
  return { heard, listener };
}
