/** The body of `PUT /2022-07-01/telemetry` and `PUT /2020-08-15/logs` → what a subscriber wants, and where it wants it. */

export type TelemetryType = 'platform' | 'function' | 'extension';

export type Destination =
  /** `path` with its query. */
  | {
      readonly protocol: 'HTTP';
      readonly port: number;
      readonly path: string;
      readonly method: 'POST' | 'PUT';
    }
  | { readonly protocol: 'TCP'; readonly port: number };

export interface Subscription {
  readonly types: readonly TelemetryType[];
  readonly destination: Destination;
  readonly buffering: Buffering;
}

/** A batch goes out when the first of these is reached. */
export interface Buffering {
  readonly maxItems: number;
  readonly maxBytes: number;
  readonly timeoutMs: number;
}

const TYPES: readonly string[] = ['platform', 'function', 'extension'];
const SCHEMAS = {
  Telemetry: ['2022-07-01', '2022-12-13', '2025-01-29'],
  Logs: ['2020-08-15', '2021-03-18'],
};
/** Least, most and default. */
const BUFFERING = {
  maxItems: [1000, 10_000, 10_000],
  maxBytes: [262_144, 1_048_576, 262_144],
  timeoutMs: [25, 30_000, 1000],
} as const;
/** The instance's own APIs have it. */
const RESERVED_PORT = 9001;
/** Names of the instance, as seen from inside. */
const HOSTS = ['sandbox.localdomain', 'sandbox'];

/** What is wrong with it, as text. */
export function parseSubscription(api: 'Telemetry' | 'Logs', body: string): Subscription | string {
  const value = parseObject(body);
  if (!value) return 'the body is not a JSON object';
  const { schemaVersion, types, destination, buffering } = value;
  if (schemaVersion !== undefined && !SCHEMAS[api].includes(String(schemaVersion)))
    return `schemaVersion ${JSON.stringify(schemaVersion)} is none of ${SCHEMAS[api].join(', ')}`;
  if (!Array.isArray(types) || types.length === 0 || !types.every(isType))
    return `types ${JSON.stringify(types)} is not a list of ${TYPES.join(', ')}`;
  const to = parseDestination(asObject(destination));
  if (typeof to === 'string') return to;
  const buffer = parseBuffering(asObject(buffering));
  if (typeof buffer === 'string') return buffer;
  return { types: [...new Set(types)], destination: to, buffering: buffer };
}

function parseDestination(given: Readonly<Record<string, unknown>>): Destination | string {
  const { protocol, URI: uri, port, method = 'POST' } = given;
  if (protocol === 'TCP') return isPort(port) ? { protocol, port } : wrongPort(port);
  if (protocol !== 'HTTP') return `destination.protocol ${JSON.stringify(protocol)} is neither HTTP nor TCP`;
  if (method !== 'POST' && method !== 'PUT')
    return `destination.method ${JSON.stringify(method)} is neither POST nor PUT`;
  const url = typeof uri === 'string' && URL.canParse(uri) ? new URL(uri) : undefined;
  if (url?.protocol !== 'http:' || !HOSTS.includes(url.hostname))
    return `destination.URI ${JSON.stringify(uri)} is not of the form http://sandbox.localdomain:PORT/path`;
  const at = Number(url.port || 80);
  if (!isPort(at)) return wrongPort(at);
  return { protocol, method, port: at, path: url.pathname + url.search };
}

function parseBuffering(given: Readonly<Record<string, unknown>>): Buffering | string {
  const read = (name: keyof typeof BUFFERING): number => {
    const [least, most, otherwise] = BUFFERING[name];
    const value = given[name] ?? otherwise;
    if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value;
    throw new RangeError(
      `buffering.${name} ${JSON.stringify(value)} is not a whole number from ${least} to ${most}`,
    );
  };
  try {
    return { maxItems: read('maxItems'), maxBytes: read('maxBytes'), timeoutMs: read('timeoutMs') };
  } catch (failure) {
    if (failure instanceof RangeError) return failure.message;
    throw failure;
  }
}

function isType(type: unknown): type is TelemetryType {
  return typeof type === 'string' && TYPES.includes(type);
}

function isPort(port: unknown): port is number {
  return (
    typeof port === 'number' && Number.isInteger(port) && port > 0 && port < 65_536 && port !== RESERVED_PORT
  );
}

function wrongPort(port: unknown): string {
  return `destination port ${JSON.stringify(port)} is not one from 1 to 65535, without ${RESERVED_PORT}, which is reserved`;
}

function parseObject(body: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? asObject(value) : undefined;
  } catch {
    return undefined;
  }
}

function asObject(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
