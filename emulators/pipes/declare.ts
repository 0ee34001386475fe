/** Brings pipes to what the project file says. */
import type { JsonObject } from '../../src/model/emulator.ts';
import type { PipeResource, Resource } from '../../src/model/resources.ts';
import { messageOf } from '../../src/std/errors.ts';
import { text, textMap } from './input.ts';
import { arnOf, nowOf, type PipesService } from './service.ts';
import { readPipe } from './settings.ts';

/** What the file has dropped goes; what came through the API stays, changes of the file's pipes until the file changes. */
export function declare(
  service: PipesService,
  resources: readonly Resource[],
  notice: (message: string) => void,
): void {
  const pipes = resources.filter((resource) => resource.kind === 'pipe');
  const wanted = new Set(pipes.map(({ name }) => name));
  for (const { name, declared } of service.store.all())
    if (declared !== undefined && !wanted.has(name)) service.store.remove(name);
  for (const resource of pipes)
    try {
      declarePipe(service, resource);
    } catch (failure) {
      notice(`the pipe ${resource.name} of the project file does not run: ${messageOf(failure)}`);
    }
}

function declarePipe(service: PipesService, { name, settings: declared }: PipeResource): void {
  const known = service.store.find(name);
  if (known?.declared === declared) return;
  const { DesiredState: _, Tags: tags, ...settings } = JSON.parse(declared) as JsonObject;
  const desired = text(JSON.parse(declared) as JsonObject, 'DesiredState', { oneOf: ['RUNNING', 'STOPPED'] });
  readPipe(settings);
  const now = nowOf(service);
  service.store.save({
    ...{ name, settings, declared, tags: textMap(tags) },
    arn: arnOf(service, name),
    desired: desired === 'STOPPED' ? 'STOPPED' : 'RUNNING',
    createdAt: known?.createdAt ?? now,
    modifiedAt: now,
    follower: known?.follower ?? name,
  });
}
