/** The AWS Lambda API: calling functions, looking at them, deploying and changing them. */
import type { Emulator } from '../../src/model/emulator.ts';
import { makeAliasRoutes } from './operations/aliases.ts';
import { makeCreateFunction } from './operations/create-function.ts';
import { makeDeleteFunction } from './operations/delete-function.ts';
import { makeDownloadPackage } from './operations/download-package.ts';
import { makeGetAccountSettings } from './operations/get-account-settings.ts';
import { makeGetFunction, makeGetFunctionConfiguration } from './operations/get-function.ts';
import { makeInvoke } from './operations/invoke.ts';
import { makeInvokeAsync } from './operations/invoke-async.ts';
import { makeInvokeWithResponseStream } from './operations/invoke-with-response-stream.ts';
import {
  isMapping,
  type MappingTrigger,
  makeListEventSourceMappings,
} from './operations/list-event-source-mappings.ts';
import { makeListFunctions } from './operations/list-functions.ts';
import { makeListVersions, makePublishVersion } from './operations/publish-version.ts';
import { makeUpdateFunctionCode } from './operations/update-function-code.ts';
import { makeUpdateFunctionConfiguration } from './operations/update-function-configuration.ts';
import { makeService } from './service.ts';

export const lambda: Emulator = {
  name: 'lambda',
  kinds: [],
  async start(context) {
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
          makeGetAccountSettings(context),
          makeListEventSourceMappings(context, () => mappings),
        ],
      },
      async apply(_resources, triggers) {
        mappings = triggers.filter(isMapping);
      },
      async close() {},
    };
  },
};
