/** UpdateFunctionConfiguration: the next event runs by the new settings. */
import type { RestRoute } from '../../../src/model/service-api.ts';
import { recordOf } from '../configuration.ts';
import { changeSettings, requireLayers } from '../deployed/change.ts';
import { readInput } from '../input.ts';
import { requireRevision } from '../revision.ts';
import { functionRoute, namedCurrent, reply, type Service } from '../service.ts';
import { packageTypeOf, requireSettingsOf } from '../settings/package-type.ts';
import { noteWithoutEffect, readSettings } from '../settings/read-settings.ts';
import { requireCapable, snapStartOf } from '../settings/snap-start.ts';

export function makeUpdateFunctionConfiguration(service: Service): RestRoute {
  return functionRoute(
    'UpdateFunctionConfiguration',
    'PUT',
    '/2015-03-31/functions/{FunctionName}/configuration',
    async (request, call) => {
      const fn = namedCurrent(service, request);
      const input = readInput(request.body);
      requireRevision(input, String(service.describe(fn, call).RevisionId));
      const type = packageTypeOf(fn);
      requireSettingsOf(type, input);
      const settings = readSettings(input);
      const { snapStart = snapStartOf(fn, recordOf(service.records, fn)), runtime = fn.runtime } = settings;
      if (settings.snapStart ?? settings.runtime) requireCapable(snapStart, type, runtime);
      requireLayers(service, settings.layers);
      noteWithoutEffect(service.context, fn.name, input);
      changeSettings(service, fn, settings);
      await service.deployments().follow();
      return reply(200, service.describe(namedCurrent(service, request), call));
    },
  );
}
