/** Events other services put on a bus: what S3 tells it, what became of a function's asynchronous event. */
import type { JsonObject, ServiceMessage } from '../../src/model/emulator.ts';
import { makeEventText } from './event.ts';
import { parseMap } from './input.ts';
import type { EventsService } from './service.ts';

/** False when there is no such bus, or what it is sent is no event. */
export function acceptMessage(service: EventsService, message: ServiceMessage): boolean {
  const { buses, clock, ids, owner, routing, store } = service;
  const { arn, body, event, origin } = message;
  const bus = arn.includes(':event-bus/') ? buses.find(arn) : undefined;
  if (!bus || bus.record.arn !== arn) return false;
  const now = Math.floor(clock.now());
  const text = event
    ? makeEventText({ id: ids.uuid(), time: now, detail: body, resources: [], ...event }, owner)
    : body;
  const json: JsonObject | undefined = parseMap(text);
  if (!json) return false;
  const id = typeof json.id === 'string' ? json.id : ids.uuid();
  store.write(() =>
    routing.route(bus, { id, text, json, ingestedAt: now, hops: 0, ...(origin && { origin }) }),
  );
  return true;
}
