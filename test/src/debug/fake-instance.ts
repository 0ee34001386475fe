/** An instance's inspector line without an instance: keeps what it was sent, says what the test wants. */
import type { DebugTarget } from '../../../src/model/runtime.ts';

export interface FakeInstance {
  readonly target: DebugTarget;
  /** Every command so far; `release` among them as `release`. */
  readonly sent: readonly { readonly method: string; readonly params: Record<string, unknown> }[];
  readonly methods: readonly string[];
  /** Resolves when the next command with this name comes. */
  command(method: string): Promise<Record<string, unknown>>;
  event(method: string, params?: object): void;
  die(): void;
}

export interface FakeOptions {
  readonly instanceId?: string;
  readonly functionId?: string;
  /** Scripts it tells of when its debugger is enabled. */
  readonly scripts?: readonly string[];
  /** Leaves these commands unanswered. */
  readonly silent?: readonly string[];
}

export function makeFakeInstance(options: FakeOptions = {}): FakeInstance {
  const {
    instanceId = 'instance-1',
    functionId = 'create',
    scripts = ['file:///a.cjs'],
    silent = [],
  } = options;
  const sent: { method: string; params: Record<string, unknown> }[] = [];
  const waiting: { method: string; take: (params: Record<string, unknown>) => void }[] = [];
  let listener: (text: string) => void = () => {};
  let die: () => void = () => {};
  const closed = new Promise<void>((resolve) => {
    die = resolve;
  });

  const say = (message: object) => listener(JSON.stringify(message));
  const event = (method: string, params: object = {}) => say({ method, params });

  const note = (method: string, params: Record<string, unknown>) => {
    sent.push({ method, params });
    const index = waiting.findIndex((waiter) => waiter.method === method);
    const [waiter] = index < 0 ? [] : waiting.splice(index, 1);
    waiter?.take(params);
  };

  const answer = (id: number, method: string, params: Record<string, unknown>) => {
    if (method === 'Runtime.enable')
      event('Runtime.executionContextCreated', {
        context: { id: 1, name: instanceId, auxData: { isDefault: true } },
      });
    if (method === 'Debugger.enable')
      for (const [i, url] of scripts.entries()) event('Debugger.scriptParsed', { scriptId: `${i + 1}`, url });
    if (method === 'Debugger.resume') event('Debugger.resumed');
    if (silent.includes(method)) return;
    say({ id, result: resultFor(method, params, instanceId) });
  };

  return {
    target: {
      instanceId,
      functionId,
      artifactDir: '/project/.sls-local/builds/create/0123',
      channel: {
        send(text) {
          const { id, method, params } = JSON.parse(text) as {
            id: number;
            method: string;
            params: Record<string, unknown>;
          };
          note(method, params);
          // As over a socket: never before the sender is done.
          queueMicrotask(() => answer(id, method, params));
        },
        onMessage(take) {
          listener = take;
        },
        release: () => note('release', {}),
        closed,
      },
    },
    sent,
    get methods() {
      return sent.map(({ method }) => method);
    },
    command: (method) => new Promise((take) => waiting.push({ method, take })),
    event,
    die: () => die(),
  };
}

function resultFor(method: string, params: Record<string, unknown>, instanceId: string): object {
  if (method === 'Debugger.enable') return { debuggerId: instanceId };
  if (method === 'Debugger.setBreakpointByUrl')
    return {
      breakpointId: `1:${params.lineNumber}:${params.columnNumber ?? 0}:${params.url}`,
      locations: [{ scriptId: '1' }],
    };
  if (method === 'Runtime.evaluate') return { result: { type: 'string', value: instanceId } };
  return {};
}
