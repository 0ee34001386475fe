/** TagResource, UntagResource, ListTagsForResource. */
import type { RestRequest, RestRoute } from '../../../src/model/service-api.ts';
import { notFound } from '../errors.ts';
import { readBody, textMap } from '../input.ts';
import type { PipesService } from '../service.ts';
import type { PipeRecord } from '../store.ts';
import { ok } from './pipes.ts';

export function makeTagRoutes(service: PipesService): RestRoute[] {
  const path = '/tags/{resourceArn}';
  const { store } = service;
  return [
    {
      ...{ operation: 'TagResource', method: 'POST', path },
      handle(request) {
        const record = pipeOf(service, request);
        store.save({ ...record, tags: { ...record.tags, ...textMap(readBody(request.body).tags) } });
        return ok({});
      },
    },
    {
      ...{ operation: 'UntagResource', method: 'DELETE', path },
      handle(request) {
        const record = pipeOf(service, request);
        const gone = new Set(request.query.getAll('tagKeys'));
        const left = Object.entries(record.tags).filter(([key]) => !gone.has(key));
        store.save({ ...record, tags: Object.fromEntries(left) });
        return ok({});
      },
    },
    {
      ...{ operation: 'ListTagsForResource', method: 'GET', path },
      handle: (request) => ok({ tags: { ...pipeOf(service, request).tags } }),
    },
  ];
}

function pipeOf({ store }: PipesService, { pathParameters }: RestRequest): PipeRecord {
  const { resourceArn: arn = '' } = pathParameters;
  const found = store.all().find((record) => record.arn === arn);
  if (!found) throw notFound(arn);
  return found;
}
