/** TagResource, UntagResource, ListTags: of functions and event source mappings. */
import type { JsonObject } from '../../../src/model/emulator.ts';
import type { RestRequest, RestRoute } from '../../../src/model/service-api.ts';
import { invalidParameter, missing, notFound, validation } from '../errors.ts';
import { findCurrent, parseFunctionName } from '../function-name.ts';
import { readInput, textMap } from '../input.ts';
import { reply, type Service } from '../service.ts';

const PATH = '/2017-03-31/tags/{Resource}';
const MAX_TAGS = 50;

/** What the service takes: neither layers nor aliases and versions of functions. */
const TAGGABLE =
  'arn:(aws[a-zA-Z-]*):lambda:[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1}:\\d{12}:(function:[a-zA-Z0-9-_]+(:(\\$LATEST|[a-zA-Z0-9-_]+))?|code-signing-config:csc-[a-z0-9]{17}|event-source-mapping:[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})';

const QUALIFIED =
  'Tags on function aliases and versions are not supported. Please specify either a function ARN.';

type Tags = Readonly<Record<string, string>>;

interface Tagged {
  readonly tags: Tags;
  change(tags: Tags): void;
}

export function makeTagRoutes(service: Service): readonly RestRoute[] {
  const route = (operation: string, method: string, handle: (request: RestRequest) => JsonObject | null) => ({
    ...{ operation, method, path: PATH },
    targetOf: (request: RestRequest) => request.pathParameters.Resource,
    handle: (request: RestRequest) => {
      const body = handle(request);
      return body ? reply(200, body) : { status: 204 };
    },
  });
  return [
    route('ListTags', 'GET', (request) => ({ Tags: { ...taggedOf(service, request).tags } })),
    route('TagResource', 'POST', (request) => {
      const { tags, change } = taggedOf(service, request);
      const given = textMap(readInput(request.body), 'Tags') ?? missing('tags');
      const all = { ...tags, ...given };
      if (Object.keys(all).length > MAX_TAGS)
        throw invalidParameter(`The number of tags exceeds the limit of ${MAX_TAGS}`);
      change(all);
      return null;
    }),
    route('UntagResource', 'DELETE', (request) => {
      const { tags, change } = taggedOf(service, request);
      const gone = request.query.getAll('tagKeys');
      if (gone.length === 0) throw missing('tagKeys');
      change(Object.fromEntries(Object.entries(tags).filter(([key]) => !gone.includes(key))));
      return null;
    }),
  ];
}

function taggedOf(service: Service, { pathParameters }: RestRequest): Tagged {
  const arn = pathParameters.Resource ?? '';
  const { context, extras, records } = service;
  const [, kind, id, qualifier] =
    /^arn:[^:]+:lambda:[^:]*:[^:]*:(function|event-source-mapping|code-signing-config):([^:]+)(?::(.+))?$/.exec(
      arn,
    ) ?? [];
  if (kind === undefined || id === undefined)
    throw validation(arn, 'resource', `regular expression pattern: ${TAGGABLE}`);
  if (kind === 'function') {
    if (qualifier !== undefined) throw invalidParameter(QUALIFIED);
    const { name } = findCurrent(context, parseFunctionName(arn, null));
    return { tags: extras.of(name).tags ?? {}, change: (tags) => extras.change(name, { tags }) };
  }
  const mapping = kind === 'event-source-mapping' ? records.mappings.get(id) : undefined;
  if (!mapping) throw notFound(`The resource you requested does not exist. (${arn})`);
  return { tags: mapping.tags, change: (tags) => records.mappings.put(mapping.id, { ...mapping, tags }) };
}
