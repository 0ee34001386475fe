/** CreateAlias, UpdateAlias, DeleteAlias, GetAlias, ListAliases. */
import type { JsonObject } from '../../../src/model/emulator.ts';
import { isObject } from '../../../src/model/json.ts';
import type { FunctionSpec } from '../../../src/model/project.ts';
import type { RestRoute } from '../../../src/model/service-api.ts';
import { stamp } from '../deployed/change.ts';
import { forgetQualifier } from '../deployed/extras.ts';
import { type AliasRecord, below } from '../deployed/records.ts';
import { conflict, functionNotFound, invalidParameter, notFound, validation } from '../errors.ts';
import { object, readInput, requiredText, text } from '../input.ts';
import { requireRevision } from '../revision.ts';
import { functionRoute, namedCurrent, pageOf, reply, type Service } from '../service.ts';

const ALL = '/2015-03-31/functions/{FunctionName}/aliases';
const ONE = `${ALL}/{Name}`;

export function makeAliasRoutes(service: Service): readonly RestRoute[] {
  const { aliases } = service.records;
  const need = (fn: FunctionSpec, name = ''): AliasRecord => {
    const found = aliases.get([fn.name, name]);
    if (found) return found;
    throw notFound(`Alias not found: ${fn.arn}:${name}`);
  };
  const put = (alias: AliasRecord) => aliases.put([alias.functionName, alias.name], alias);

  return [
    functionRoute('CreateAlias', 'POST', ALL, (request) => {
      const fn = namedCurrent(service, request);
      const input = readInput(request.body);
      const name = readName(input);
      if (aliases.has([fn.name, name])) throw conflict(`Alias already exists: ${fn.arn}:${name}`);
      const alias: AliasRecord = {
        functionName: fn.name,
        name,
        version: requireVersion(service, fn, requiredText(input, 'FunctionVersion')),
        description: text(input, 'Description') ?? '',
        weights: readWeights(service, fn, input) ?? {},
        revisionId: stamp(service).revisionId,
      };
      requireTwoVersions(alias);
      put(alias);
      return reply(201, describeAlias(fn, alias));
    }),
    functionRoute('UpdateAlias', 'PUT', ONE, async (request) => {
      const fn = namedCurrent(service, request);
      const before = need(fn, request.pathParameters.Name);
      const input = readInput(request.body);
      requireRevision(input, before.revisionId, 'GetAlias');
      const version = text(input, 'FunctionVersion');
      const alias: AliasRecord = {
        ...before,
        version: version === undefined ? before.version : requireVersion(service, fn, version),
        description: text(input, 'Description') ?? before.description,
        weights: readWeights(service, fn, input) ?? before.weights,
        revisionId: stamp(service).revisionId,
      };
      requireTwoVersions(alias);
      put(alias);
      // Mappings, URLs and instances kept ready for it are those of another version now.
      await service.deployments().follow();
      return reply(200, describeAlias(fn, alias));
    }),
    functionRoute('DeleteAlias', 'DELETE', ONE, async (request) => {
      const fn = namedCurrent(service, request);
      const { Name = '' } = request.pathParameters;
      aliases.remove([fn.name, Name]);
      forgetQualifier(service.extras, fn.name, Name);
      await service.deployments().follow();
      return { status: 204 };
    }),
    functionRoute('GetAlias', 'GET', ONE, (request) => {
      const fn = namedCurrent(service, request);
      return reply(200, describeAlias(fn, need(fn, request.pathParameters.Name)));
    }),
    functionRoute('ListAliases', 'GET', ALL, (request) => {
      const fn = namedCurrent(service, request);
      const wanted = request.query.get('FunctionVersion');
      const found = below(aliases, fn.name).filter(({ version }) => wanted === null || version === wanted);
      const { shown, next } = pageOf(found, request, ({ name }) => name);
      return reply(200, { Aliases: shown.map((alias) => describeAlias(fn, alias)), ...next });
    }),
  ];
}

function describeAlias(fn: FunctionSpec, alias: AliasRecord): JsonObject {
  return {
    AliasArn: `${fn.arn}:${alias.name}`,
    Name: alias.name,
    FunctionVersion: alias.version,
    Description: alias.description,
    RevisionId: alias.revisionId,
    ...(Object.keys(alias.weights).length > 0 && {
      RoutingConfig: { AdditionalVersionWeights: { ...alias.weights } },
    }),
  };
}

function readName(input: JsonObject): string {
  const name = requiredText(input, 'Name');
  if (/^(?!\d+$)[\w-]{1,128}$/.test(name)) return name;
  throw validation(name, 'name', 'regular expression pattern: (?!^[0-9]+$)([a-zA-Z0-9-_]+)');
}

function requireVersion({ context }: Service, fn: FunctionSpec, version: string): string {
  const isThere =
    version === '$LATEST' ||
    context.functions().some((one) => one.name === fn.name && one.version === version);
  if (isThere) return version;
  throw functionNotFound(`${fn.arn}:${version}`);
}

/** Undefined where the request does not say. */
function readWeights(
  service: Service,
  fn: FunctionSpec,
  input: JsonObject,
): Record<string, number> | undefined {
  const routing = object(input, 'RoutingConfig');
  if (!routing) return undefined;
  const weights = routing.AdditionalVersionWeights;
  if (!isObject(weights)) return {};
  const read = Object.entries(weights).map(([version, share]): [string, number] => {
    if (typeof share !== 'number' || share < 0 || share > 1)
      throw invalidParameter(`Weight ${JSON.stringify(share)} of version ${version} must be from 0.0 to 1.0`);
    return [requireVersion(service, fn, version), share];
  });
  if (read.length > 1)
    throw invalidParameter('Number of items in AdditionalVersionWeights cannot be greater than 1');
  return Object.fromEntries(read);
}

/** Traffic is only shared between published versions, two different ones. */
function requireTwoVersions({ version, weights }: AliasRecord): void {
  const further = Object.keys(weights);
  if (further.length === 0) return;
  if (version === '$LATEST' || further.includes('$LATEST'))
    throw invalidParameter('$LATEST is not supported for an alias pointing to more than 1 version');
  if (further.includes(version))
    throw invalidParameter(
      `Invalid function version ${version}. Function version ${version} is already included in routing configuration.`,
    );
}
