/** The AWS Lambda API: calling the project's functions, and looking at them. */
import type { Emulator } from '../../src/model/emulator.ts';
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

export const lambda: Emulator = {
  name: 'lambda',
  kinds: [],
  async start(context) {
    let mappings: readonly MappingTrigger[] = [];
    return {
      api: {
        protocol: 'rest-json',
        service: 'lambda',
        routes: [
          makeInvoke(context),
          makeInvokeAsync(context),
          makeInvokeWithResponseStream(context),
          makeGetFunction(context),
          makeGetFunctionConfiguration(context),
          makeListFunctions(context),
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
