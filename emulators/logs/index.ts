/** Amazon CloudWatch Logs as a target: what rules, pipes, schedules and programs write to log groups goes into files. */
import { join } from 'node:path';
import type { Emulator, JsonObject, ServiceMessage } from '../../src/model/emulator.ts';
import { isObject } from '../../src/model/json.ts';
import type { JsonApi, Operation } from '../../src/model/service-api.ts';
import { malformedBody, unknownOperation } from './errors.ts';
import { makeLogFiles } from './log-files.ts';
import { type LogsService, makeCreateLogGroup, makeCreateLogStream, makePutLogEvents } from './operations.ts';

export const logs: Emulator = {
  name: 'logs',
  kinds: [],
  async start({ store, clock, folder, notice }) {
    const files = makeLogFiles({ folder: join(folder, 'logs'), notice });
    return {
      api: makeLogsApi({ files, made: store.map('logs:made'), clock, notice }),
      accept({ arn, body }: ServiceMessage) {
        const group = groupOf(arn);
        if (group === undefined) return false;
        files.write(group, [body]);
        return true;
      },
      has: (arn) => groupOf(arn) !== undefined,
      async apply() {},
      async close() {},
    };
  },
};

function groupOf(arn: string): string | undefined {
  return /^arn:[\w-]+:logs:[^:]*:\d*:log-group:([^:]+)/.exec(arn)?.[1];
}

function makeLogsApi(service: LogsService): JsonApi {
  return {
    protocol: 'json',
    service: 'logs',
    targetPrefix: 'Logs_20140328',
    jsonVersion: '1.1',
    operations: {
      CreateLogGroup: spelledEither(makeCreateLogGroup(service)),
      CreateLogStream: spelledEither(makeCreateLogStream(service)),
      PutLogEvents: spelledEither(makePutLogEvents(service)),
    },
    unknownOperation,
    malformedBody,
    targetOf: ({ logGroupName: group }) => (typeof group === 'string' ? group : undefined),
  };
}

/** Programs write `logGroupName`, universal targets of schedules `LogGroupName`. */
function spelledEither(operation: Operation): Operation {
  return (input, call) => operation(withSmallLetters(input), call);
}

function withSmallLetters(input: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(input).map(([name, value]) => [
      name.charAt(0).toLowerCase() + name.slice(1),
      Array.isArray(value) ? value.map((one) => (isObject(one) ? withSmallLetters(one) : one)) : value,
    ]),
  );
}
