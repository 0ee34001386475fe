/** Rows and requests for tests of the trace room. */
import type { CallRecord, InvocationRecord, Invoked, InvokeRequest } from '../../../src/model/invocation.ts';
import type { FunctionSpec } from '../../../src/model/project.ts';

export const T0 = Date.UTC(2026, 0, 2, 3, 4, 5, 0);

/** A row that began `atMs` after T0; its id ends in `name` as hex-like text. */
export function rowOf(name: string, atMs: number, more: Partial<InvocationRecord> = {}): InvocationRecord {
  return {
    id: `${(T0 + atMs).toString(16).padStart(11, '0')}${name.padStart(8, '0')}`,
    requestId: `00000000-0000-4000-8000-${name.padStart(12, '0')}`,
    attempt: 1,
    traceId: '1-69571a25-000000000000000000000001',
    spanId: name.padStart(16, '0'),
    functionId: 'create',
    functionName: 'shop-dev-create',
    cause: { kind: 'cli' },
    event: '{"a":1}',
    startedAt: T0 + atMs,
    endedAt: T0 + atMs + 10,
    outcome: { status: 'ok', payload: 'null' },
    phases: { queuedMs: 0, handlerMs: 10 },
    coldStart: false,
    memoryMb: 128,
    logs: [],
    calls: [],
    ...more,
  };
}

/** The same without its end. */
export function runningRow(
  name: string,
  atMs: number,
  more: Partial<InvocationRecord> = {},
): InvocationRecord {
  const { endedAt: _, outcome: __, phases: ___, coldStart: ____, ...rest } = rowOf(name, atMs);
  return { ...rest, ...more };
}

export function callOf(
  spanId: string,
  atMs: number,
  durationMs: number,
  more: Partial<CallRecord> = {},
): CallRecord {
  return {
    spanId: spanId.padStart(16, '0'),
    service: 'dynamodb',
    operation: 'PutItem',
    target: 'orders',
    startedAt: T0 + atMs,
    durationMs,
    status: 'ok',
    ...more,
  };
}

export function requestOf(more: Partial<InvokeRequest> = {}): InvokeRequest {
  return {
    functionId: 'create',
    event: '{"a":1}',
    cause: { kind: 'cli' },
    trace: { traceId: '1-69571a25-000000000000000000000001' },
    spanId: '00000000000000aa',
    recordId: '19b7cc3a0c8000000aa',
    requestId: '00000000-0000-4000-8000-0000000000aa',
    attempt: 1,
    ...more,
  };
}

export function invokedOf(more: Partial<Invoked> = {}): Invoked {
  return {
    requestId: '00000000-0000-4000-8000-0000000000aa',
    outcome: { status: 'ok', payload: '{"ok":true}' },
    phases: { queuedMs: 0.5, handlerMs: 3 },
    coldStart: false,
    instanceId: 'i-1',
    logs: [{ at: T0, stream: 'stdout', text: 'hello' }],
    ...more,
  };
}

export function specOf(id: string): FunctionSpec {
  return {
    id,
    name: `shop-dev-${id}`,
    arn: `arn:aws:lambda:eu-central-1:000000000000:function:shop-dev-${id}`,
    handler: 'src/a.handler',
    runtime: 'nodejs22.x',
    codeRoot: '/project',
    env: {},
    memoryMb: 256,
    timeoutMs: 3000,
    architecture: 'x86_64',
    layers: [],
    external: [],
  };
}
