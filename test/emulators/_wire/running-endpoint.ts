/** An endpoint for tests, with a tracer that remembers what it was told. */
import { type Endpoint, type EndpointOptions, startEndpoint } from '../../../emulators/_wire/endpoint.ts';
import type { CallEnd, CallStart } from '../../../src/model/tracing.ts';
import { makeSeededIds } from '../../../src/std/ids.ts';

export interface TracedCall {
  readonly start: CallStart;
  end?: CallEnd;
}

export interface RunningEndpoint {
  readonly endpoint: Endpoint;
  readonly url: string;
  readonly calls: TracedCall[];
  readonly bugs: unknown[];
}

export const ORIGIN = { traceId: '1-5759e988-bd862e3fe1be46a994272793', parentId: '53995c3f42cd8ad8' };

export async function startTestEndpoint(
  apis: EndpointOptions['apis'],
  more: Partial<EndpointOptions> = {},
): Promise<RunningEndpoint> {
  const calls: TracedCall[] = [];
  const bugs: unknown[] = [];
  const endpoint = await startEndpoint({
    apis,
    tracer: {
      begin(start) {
        const call: TracedCall = { start };
        calls.push(call);
        return {
          origin: ORIGIN,
          end(end) {
            call.end = end;
          },
        };
      },
    },
    ids: makeSeededIds(1),
    region: 'eu-west-1',
    accountId: '000000000000',
    port: 0,
    onBug: (thrown) => bugs.push(thrown),
    ...more,
  });
  return { endpoint, url: endpoint.listening.url, calls, bugs };
}
