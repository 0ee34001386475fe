/** Brings archives, connections and API destinations to what the project file says. */
import type { JsonObject } from '../../src/model/emulator.ts';
import type {
  ApiDestinationResource,
  EventArchiveResource,
  EventConnectionResource,
} from '../../src/model/event-bus.ts';
import type { Resource } from '../../src/model/resources.ts';
import { eventsArn } from './arns.ts';
import { checkPattern } from './buses.ts';
import { guarded } from './declare.ts';
import { AUTHORIZATION_TYPES, METHODS } from './destinations/destination-store.ts';
import { validation } from './errors.ts';
import { checkUrl } from './operations/api-destinations.ts';
import { checkParameters } from './operations/connections.ts';
import type { EventsService } from './service.ts';

/** All of them stay when the file drops them. To be called once the buses are there. */
export function declareFurther(service: EventsService, resources: readonly Resource[]): void {
  for (const resource of resources)
    if (resource.kind === 'event-archive')
      guarded(service, `the archive ${resource.name}`, () => declareArchive(service, resource));
    else if (resource.kind === 'event-connection')
      guarded(service, `the connection ${resource.name}`, () => declareConnection(service, resource));
    else if (resource.kind === 'api-destination')
      guarded(service, `the API destination ${resource.name}`, () => declareDestination(service, resource));
}

function declareArchive(
  { archives, buses, owner, clock }: EventsService,
  resource: EventArchiveResource,
): void {
  const { kind: _, place: __, name, busArn, ...settings } = resource;
  const declared = JSON.stringify([busArn, settings]);
  const known = archives.find(name);
  if (known?.declared === declared) return;
  if (settings.pattern !== undefined) checkPattern(settings.pattern);
  const bus = buses.get(busArn);
  archives.save({
    ...{ name, arn: eventsArn(owner, `archive/${name}`), busArn: bus.record.arn, declared },
    ...{ events: known?.events ?? 0, bytes: known?.bytes ?? 0 },
    createdAt: known?.createdAt ?? Math.floor(clock.now()),
    retentionDays: 0,
    ...settings,
  });
}

function declareConnection(
  { destinations: { connections }, clock }: EventsService,
  resource: EventConnectionResource,
): void {
  const { name, arn, description } = resource;
  const declared = JSON.stringify([arn, resource.authorizationType, resource.authParameters, description]);
  const known = connections.find(name);
  if (known?.declared === declared) return;
  const authorizationType = AUTHORIZATION_TYPES.find((one) => one === resource.authorizationType);
  if (!authorizationType) throw validation(`its AuthorizationType is "${resource.authorizationType}"`);
  const authParameters = JSON.parse(JSON.stringify(resource.authParameters)) as JsonObject;
  checkParameters(authorizationType, authParameters);
  const now = Math.floor(clock.now());
  connections.save({
    ...{ name, arn, authorizationType, authParameters, declared, state: 'AUTHORIZED' },
    secretArn: `${arn.replace(':events:', ':secretsmanager:').replace(':connection/', ':secret:events!connection/')}`,
    ...{ createdAt: known?.createdAt ?? now, changedAt: now },
    ...(description !== undefined && { description }),
  });
}

function declareDestination(
  { destinations: { destinations }, clock }: EventsService,
  resource: ApiDestinationResource,
): void {
  const { kind: _, place: __, ...settings } = resource;
  const declared = JSON.stringify(settings);
  const known = destinations.find(resource.name);
  if (known?.declared === declared) return;
  checkUrl(resource.url);
  const method = METHODS.find((one) => one === resource.method);
  if (!method) throw validation(`its HttpMethod is "${resource.method}"`);
  const now = Math.floor(clock.now());
  destinations.save({
    invocationsPerSecond: 300,
    ...settings,
    ...{ method, declared, createdAt: known?.createdAt ?? now, changedAt: now },
  });
}
