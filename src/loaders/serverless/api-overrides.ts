/** Lays what `resources` says of the framework's own APIs over the settings of `provider`. */
import { listedCors } from '../cloudformation/http.ts';
import { listOf, textOf } from '../cloudformation/template.ts';
import type { Service } from './service.ts';
import type { Settings } from './settings.ts';

/** Binary media types of the REST API, cross-origin settings of the HTTP API. */
export function withApiOverrides(
  settings: Settings,
  overrides: Service['overrides'],
  { resolve }: Service['intrinsics'],
): Settings {
  const last = (id: string, key: string) => {
    const found = overrides.get(id)?.findLast(({ properties }) => properties[key] !== undefined);
    return found && resolve(found.properties[key], [...found.path, key]);
  };
  const types = listOf(last('ApiGatewayRestApi', 'BinaryMediaTypes')).flatMap((type) => textOf(type) ?? []);
  const cors = listedCors(last('HttpApi', 'CorsConfiguration'));
  return {
    ...settings,
    httpApi: { ...settings.httpApi, ...(cors && { cors }) },
    restApi: { ...settings.restApi, ...(types.length > 0 && { binaryMediaTypes: types }) },
  };
}
