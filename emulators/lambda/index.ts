/** The AWS Lambda API: calling functions, looking at them, deploying and changing them. */
import type { Emulator } from '../../src/model/emulator.ts';
import type { FunctionUrlTrigger } from '../../src/model/project.ts';
import { makeLayerRoutes } from './layers/layer-routes.ts';
import { makeMappingRoutes } from './mappings/mapping-routes.ts';
import { isMapping, type MappingTrigger } from './mappings/mapping-trigger.ts';
import { makeAcceptedSettingRoutes } from './operations/accepted-settings.ts';
import { makeAliasRoutes } from './operations/aliases.ts';
import { makeConcurrencyRoutes } from './operations/concurrency.ts';
import { makeCreateFunction } from './operations/create-function.ts';
import { makeDeleteFunction } from './operations/delete-function.ts';
import { makeDownloadPackage } from './operations/download-package.ts';
import { makeEventInvokeConfigRoutes } from './operations/event-invoke-config.ts';
import { makeUrlRoutes } from './operations/function-url.ts';
import { makeGetAccountSettings } from './operations/get-account-settings.ts';
import { makeGetFunction, makeGetFunctionConfiguration } from './operations/get-function.ts';
import { makeInvoke } from './operations/invoke.ts';
import { makeInvokeAsync } from './operations/invoke-async.ts';
import { makeInvokeWithResponseStream } from './operations/invoke-with-response-stream.ts';
import { makeListFunctions } from './operations/list-functions.ts';
import { makePermissionRoutes } from './operations/permissions.ts';
import { makeProvisionedConcurrencyRoutes } from './operations/provisioned-concurrency.ts';
import { makeListVersions, makePublishVersion } from './operations/publish-version.ts';
import { makeTagRoutes } from './operations/tags.ts';
import { makeUpdateFunctionCode } from './operations/update-function-code.ts';
import { makeUpdateFunctionConfiguration } from './operations/update-function-configuration.ts';
import { makeService } from './service.ts';

export const lambda: Emulator = {
  name: 'lambda',
  kinds: [],
  async start(context) {
    let urls: readonly FunctionUrlTrigger[] = [];
    let mappings: readonly MappingTrigger[] = [];
    const service = makeService(context);
    return {
      api: {
        protocol: 'rest-json',
        service: 'lambda',
        routes: [
          makeInvoke(context),
          makeInvokeAsync(context),
          makeInvokeWithResponseStream(context),
          makeGetFunction(service),
          makeGetFunctionConfiguration(service),
          makeListFunctions(service),
          makeCreateFunction(service),
          makeUpdateFunctionCode(service),
          makeUpdateFunctionConfiguration(service),
          makeDeleteFunction(service),
          makePublishVersion(service),
          makeListVersions(service),
          ...makeAliasRoutes(service),
          makeDownloadPackage(service),
          makeGetAccountSettings(service),
          ...makeAcceptedSettingRoutes(service),
          ...makeConcurrencyRoutes(service),
          ...makeProvisionedConcurrencyRoutes(service),
          ...makeEventInvokeConfigRoutes(service),
          ...makeUrlRoutes(service, () => urls),
          ...makePermissionRoutes(service),
          ...makeTagRoutes(service),
          ...makeLayerRoutes(service),
          ...makeMappingRoutes(service, () => mappings),
        ],
      },
      async apply(_resources, triggers) {
        mappings = triggers.filter(isMapping);
        urls = triggers.filter((trigger) => trigger.kind === 'function-url');
      },
      async close() {},
    };
  },
};
