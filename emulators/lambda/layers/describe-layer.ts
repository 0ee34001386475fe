/** How the Lambda API describes a layer version. */
import type { JsonObject } from '../../../src/model/emulator.ts';
import type { ApiCall } from '../../../src/model/service-api.ts';
import { timeText } from '../configuration.ts';
import type { LayerRecord } from '../deployed/records.ts';
import { packageUrl } from '../package-url.ts';

export interface AccountPlace {
  readonly region: string;
  readonly accountId: string;
}

export function layerArn({ region, accountId }: AccountPlace, name: string): string {
  return `arn:aws:lambda:${region}:${accountId}:layer:${name}`;
}

/** As in lists. */
export function describeLayer(layer: LayerRecord, place: AccountPlace): JsonObject {
  const { name, version, description, license, runtimes, architectures, createdAt } = layer;
  return {
    LayerVersionArn: `${layerArn(place, name)}:${version}`,
    Version: version,
    Description: description,
    CreatedDate: timeText(createdAt),
    ...(runtimes.length > 0 && { CompatibleRuntimes: [...runtimes] }),
    ...(architectures.length > 0 && { CompatibleArchitectures: [...architectures] }),
    ...(license !== '' && { LicenseInfo: license }),
  };
}

export function describeLayerWithCode(layer: LayerRecord, place: AccountPlace, call: ApiCall): JsonObject {
  const { code, name } = layer;
  return {
    ...describeLayer(layer, place),
    LayerArn: layerArn(place, name),
    Content: {
      Location: packageUrl(call, code.id),
      CodeSha256: code.sha256,
      CodeSize: code.sizeBytes,
    },
  };
}
