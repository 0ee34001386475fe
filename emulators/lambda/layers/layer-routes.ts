/** PublishLayerVersion, GetLayerVersion(ByArn), ListLayers, ListLayerVersions, DeleteLayerVersion. */
import type { JsonObject } from '../../../src/model/emulator.ts';
import type { ApiCall, RestRequest, RestRoute } from '../../../src/model/service-api.ts';
import { readZip, takeCode } from '../code-input.ts';
import { packagesOfOverrides } from '../deployed/change.ts';
import { forgetUnused } from '../deployed/packages.ts';
import { below, type LayerRecord } from '../deployed/records.ts';
import { findLayer } from '../deployed/spec.ts';
import { invalidParameter, missing, notFound, validation } from '../errors.ts';
import { object, readInput, text, textList } from '../input.ts';
import { pageOf, reply, type Service } from '../service.ts';
import { describeLayer, describeLayerWithCode, layerArn } from './describe-layer.ts';
import { makeLayerPermissionRoutes } from './layer-permissions.ts';

const LAYERS = '/2018-10-31/layers';
const VERSIONS = `${LAYERS}/{LayerName}/versions`;
const VERSION = `${VERSIONS}/{VersionNumber}`;
const MAX_RUNTIMES = 15;

export function makeLayerRoutes(service: Service): readonly RestRoute[] {
  const { context, records } = service;

  const list = (name: string) => below(records.layers, name).filter(({ deleted }) => !deleted);
  const latest = (matches: (layer: LayerRecord) => boolean): LayerRecord[] => {
    const newest = new Map<string, LayerRecord>();
    for (const { value } of records.layers.range())
      if (!value.deleted && matches(value)) newest.set(value.name, value);
    return [...newest.values()];
  };
  const need = (request: RestRequest): LayerRecord => {
    const name = layerName(request);
    const version = versionNumber(request);
    const found = list(name).find((layer) => layer.version === version);
    if (found) return found;
    throw layerNotFound(`${layerArn(context, name)}:${version}`);
  };

  return [
    route('PublishLayerVersion', 'POST', VERSIONS, async (request, call) => {
      const name = layerName(request);
      if (!/^[\w-]{1,140}$/.test(name))
        throw validation(name, 'layerName', 'regular expression pattern: [a-zA-Z0-9-_]+');
      const input = readInput(request.body);
      const about = readAbout(input);
      const content = object(input, 'Content') ?? missing('content');
      const zip = await readZip(service, content, 'PublishLayerVersion');
      const layer = records.write(() => {
        const code = takeCode(service, { zip });
        const version = (records.numbers.get(`layer:${name}`) ?? 0) + 1;
        const made = { name, version, code, ...about, createdAt: Math.floor(context.clock.now()) };
        records.numbers.put(`layer:${name}`, version);
        records.layers.put([name, version], made);
        return made;
      });
      return reply(201, describeLayerWithCode(layer, context, call));
    }),
    route('GetLayerVersion', 'GET', VERSION, (request, call) =>
      reply(200, describeLayerWithCode(need(request), context, call)),
    ),
    route('ListLayerVersions', 'GET', VERSIONS, (request) => {
      const found = list(layerName(request)).filter(matching(request)).reverse();
      const { shown, next } = pageOf(found, request, ({ version }) => String(version));
      return reply(200, { LayerVersions: shown.map((layer) => describeLayer(layer, context)), ...next });
    }),
    // GetLayerVersionByArn is the same path with `find`.
    route('ListLayers', 'GET', LAYERS, (request, call) => {
      const arn = request.query.get('Arn');
      if (request.query.get('find') === 'LayerVersion' || arn !== null) {
        const layer = findLayer(records, arn ?? missing('arn'));
        if (!layer || layer.deleted) throw layerNotFound(arn ?? '');
        return reply(200, describeLayerWithCode(layer, context, call));
      }
      const { shown, next } = pageOf(latest(matching(request)), request, ({ name }) => name);
      return reply(200, {
        Layers: shown.map((layer) => ({
          LayerName: layer.name,
          LayerArn: layerArn(context, layer.name),
          LatestMatchingVersion: describeLayer(layer, context),
        })),
        ...next,
      });
    }),
    route('DeleteLayerVersion', 'DELETE', VERSION, (request) => {
      const name = layerName(request);
      const version = versionNumber(request);
      const layer = records.layers.get([name, version]);
      // Functions that have it keep it, as in the cloud.
      if (layer)
        records.write(() => {
          records.layers.put([name, version], { ...layer, deleted: true });
          forgetUnused(records, packagesOfOverrides(service));
        });
      return { status: 204 };
    }),
    ...makeLayerPermissionRoutes(service, need),
  ];
}

function route(
  operation: string,
  method: string,
  path: string,
  handle: (request: RestRequest, call: ApiCall) => ReturnType<RestRoute['handle']>,
): RestRoute {
  return { operation, method, path, handle, targetOf: ({ pathParameters }) => pathParameters.LayerName };
}

/** A name or the layer's ARN. */
function layerName({ pathParameters }: RestRequest): string {
  const given = pathParameters.LayerName ?? '';
  return /^arn:[^:]+:lambda:[^:]*:[^:]*:layer:([^:]+)$/.exec(given)?.[1] ?? given;
}

function versionNumber({ pathParameters }: RestRequest): number {
  const given = pathParameters.VersionNumber ?? '';
  if (/^\d+$/.test(given)) return Number(given);
  throw invalidParameter(`Layer Version Cannot be less than 1.`);
}

function matching({ query }: RestRequest): (layer: LayerRecord) => boolean {
  const runtime = query.get('CompatibleRuntime');
  const architecture = query.get('CompatibleArchitecture');
  return ({ runtimes, architectures }) =>
    (runtime === null || runtimes.includes(runtime)) &&
    (architecture === null || architectures.includes(architecture));
}

function readAbout(input: JsonObject) {
  const runtimes = textList(input, 'CompatibleRuntimes') ?? [];
  if (runtimes.length > MAX_RUNTIMES)
    throw validation(
      `[${runtimes.join(', ')}]`,
      'compatibleRuntimes',
      `length less than or equal to ${MAX_RUNTIMES}`,
    );
  const architectures = textList(input, 'CompatibleArchitectures') ?? [];
  const wrong = architectures.find((one) => one !== 'x86_64' && one !== 'arm64');
  if (wrong !== undefined)
    throw validation(`[${wrong}]`, 'compatibleArchitectures', 'enum value set: [x86_64, arm64]');
  return {
    description: text(input, 'Description') ?? '',
    license: text(input, 'LicenseInfo') ?? '',
    runtimes,
    architectures,
  };
}

function layerNotFound(arn: string): Error {
  return notFound(`The resource you requested does not exist. (Layer version ${arn})`);
}
