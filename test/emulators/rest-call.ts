/** Calls a REST operation of an emulator as the wire does. */
import type { JsonObject } from '../../src/model/emulator.ts';
import type { RestApi, ServiceApi } from '../../src/model/service-api.ts';
import { makeCall } from './world.ts';

export interface RestInput {
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: JsonObject;
}

export async function callRest(
  api: ServiceApi | undefined,
  operation: string,
  { path = {}, query = {}, body }: RestInput = {},
): Promise<JsonObject> {
  const route = (api as RestApi).routes.find((one) => one.operation === operation);
  if (!route) throw new Error(`no operation ${operation}`);
  const request = {
    method: route.method,
    pathParameters: path,
    query: new URLSearchParams(query),
    headers: {},
    body: Buffer.from(body ? JSON.stringify(body) : ''),
  };
  const reply = await route.handle(request, makeCall(operation, { service: 'scheduler' }));
  return JSON.parse(reply.body?.toString() || '{}') as JsonObject;
}
