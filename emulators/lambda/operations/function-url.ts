/** CreateFunctionUrlConfig, Update…, Get…, Delete…, List…: addresses of functions on the HTTP front door. */
import type { JsonObject } from '../../../src/model/emulator.ts';
import type { Cors, FunctionUrlTrigger } from '../../../src/model/project.ts';
import type { RestRequest, RestRoute } from '../../../src/model/service-api.ts';
import { type UrlRecord, withEntry, withoutEntry } from '../deployed/extras.ts';
import { addressOf } from '../deployed/url-triggers.ts';
import { conflict, missing, notEmulated, notFound, validation } from '../errors.ts';
import { object, oneOf, readInput } from '../input.ts';
import { isVersion, namedQualified, type Qualified } from '../qualified.ts';
import { functionRoute, namedCurrent, pageOf, reply, type Service } from '../service.ts';
import { describeCors, readCors } from '../settings/cors.ts';

const ONE = '/2021-10-31/functions/{FunctionName}/url';

/** `triggers`: what the session serves. */
export function makeUrlRoutes(
  service: Service,
  triggers: () => readonly FunctionUrlTrigger[],
): readonly RestRoute[] {
  const { context, extras } = service;

  const named = (request: RestRequest): Qualified => {
    const found = namedQualified(service, request);
    if (isVersion(found.qualifier))
      throw validation(
        found.qualifier,
        'qualifier',
        'regular expression pattern: (^\\$LATEST$)|((?!^[0-9]+$)([a-zA-Z0-9-_]+))',
      );
    return found;
  };
  const stored = ({ fn, qualifier }: Qualified) => extras.of(fn.name).urls?.[qualifier];
  const ofProject = ({ fn, qualifier }: Qualified): UrlRecord | undefined => {
    const trigger = triggers().find(({ functionId, address }) => functionId === fn.id && !address);
    if (!trigger || qualifier !== '$LATEST') return undefined;
    const { streams = false, cors, authorizer } = trigger;
    return {
      authType: authorizer ? 'AWS_IAM' : 'NONE',
      streams,
      ...(cors && { cors }),
      createdAt: 0,
      modifiedAt: 0,
    };
  };
  const need = (qualified: Qualified): UrlRecord => {
    const found = stored(qualified) ?? ofProject(qualified);
    if (found) return found;
    throw notFound('The resource you requested does not exist.');
  };
  const put = async ({ fn, qualifier }: Qualified, url: UrlRecord) => {
    extras.change(fn.name, { urls: withEntry(extras.of(fn.name).urls, qualifier, url) });
    await service.deployments().follow();
  };
  const describe = ({ fn, qualifier }: Qualified, url: UrlRecord): JsonObject => ({
    FunctionUrl: `${service.deployments().http() ?? ''}/_url/${addressOf(fn.id, qualifier)}/`,
    FunctionArn: qualifier === '$LATEST' ? fn.arn : `${fn.arn}:${qualifier}`,
    AuthType: url.authType,
    ...(url.cors && { Cors: describeCors(url.cors) }),
    CreationTime: new Date(url.createdAt).toISOString(),
    LastModifiedTime: new Date(url.modifiedAt).toISOString(),
    InvokeMode: url.streams ? 'RESPONSE_STREAM' : 'BUFFERED',
  });

  return [
    functionRoute('CreateFunctionUrlConfig', 'POST', ONE, async (request) => {
      const qualified = named(request);
      const settings = readSettings(readInput(request.body));
      const authType = settings.authType ?? missing('authType');
      if (stored(qualified) ?? ofProject(qualified))
        throw conflict(
          `Failed to create function url config for [functionArn = ${qualified.arn}]. Error message:  FunctionUrlConfig exists for this Lambda function`,
        );
      const now = Math.floor(context.clock.now());
      const url = { streams: false, ...settings, authType, createdAt: now, modifiedAt: now };
      await put(qualified, url);
      return reply(201, describe(qualified, url));
    }),
    functionRoute('UpdateFunctionUrlConfig', 'PUT', ONE, async (request) => {
      const qualified = named(request);
      const modifiedAt = Math.floor(context.clock.now());
      const url = { ...need(qualified), ...readSettings(readInput(request.body)), modifiedAt };
      await put(qualified, url);
      return reply(200, describe(qualified, url));
    }),
    functionRoute('GetFunctionUrlConfig', 'GET', ONE, (request) => {
      const qualified = named(request);
      return reply(200, describe(qualified, need(qualified)));
    }),
    functionRoute('DeleteFunctionUrlConfig', 'DELETE', ONE, async (request) => {
      const qualified = named(request);
      const { fn, qualifier } = qualified;
      need(qualified);
      if (!stored(qualified))
        throw notEmulated(`deleting the URL of ${fn.id} from the project; take it out of the project file`);
      extras.change(fn.name, { urls: withoutEntry(extras.of(fn.name).urls, qualifier) });
      await service.deployments().follow();
      return { status: 204 };
    }),
    functionRoute('ListFunctionUrlConfigs', 'GET', `${ONE}s`, (request) => {
      const fn = namedCurrent(service, request);
      const own = ofProject({ fn, qualifier: '$LATEST', arn: fn.arn });
      const all = Object.entries({ ...(own && { $LATEST: own }), ...extras.of(fn.name).urls });
      const { shown, next } = pageOf(all, request, ([qualifier]) => qualifier);
      return reply(200, {
        FunctionUrlConfigs: shown.map(([qualifier, url]) => describe({ fn, qualifier, arn: fn.arn }, url)),
        ...next,
      });
    }),
  ];
}

function readSettings(input: JsonObject): {
  authType?: UrlRecord['authType'];
  streams?: boolean;
  cors?: Cors;
} {
  const authType = oneOf(input, 'AuthType', ['NONE', 'AWS_IAM']);
  const mode = oneOf(input, 'InvokeMode', ['BUFFERED', 'RESPONSE_STREAM']);
  const cors = object(input, 'Cors');
  return {
    ...(authType && { authType }),
    ...(mode && { streams: mode === 'RESPONSE_STREAM' }),
    ...(cors && { cors: readCors(cors) }),
  };
}
