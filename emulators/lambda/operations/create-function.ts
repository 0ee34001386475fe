/** CreateFunction from a zip archive, in the request or in a bucket, or from a container image. */
import type { JsonObject } from '../../../src/model/emulator.ts';
import type { RestRoute } from '../../../src/model/service-api.ts';
import { readCode, takeCode } from '../code-input.ts';
import { requireLayers, stamp } from '../deployed/change.ts';
import { publish } from '../deployed/publish.ts';
import { conflict, missing, validation } from '../errors.ts';
import { parseFunctionName } from '../function-name.ts';
import { flag, object, readInput, requiredText, textMap } from '../input.ts';
import { describeNow, reply, type Service } from '../service.ts';
import { readPackageType, requireSettingsOf } from '../settings/package-type.ts';
import {
  noteWithoutEffect,
  readArchitecture,
  readSettings,
  withDefaults,
} from '../settings/read-settings.ts';

const MAX_NAME = 64;

export function makeCreateFunction(service: Service): RestRoute {
  const { context, records } = service;
  return {
    operation: 'CreateFunction',
    method: 'POST',
    path: '/2015-03-31/functions',
    async handle({ body }, call) {
      const input = readInput(body);
      const name = readName(input);
      const type = readPackageType(input);
      requireSettingsOf(type, input);
      const settings = withDefaults(readSettings(input), input, type);
      const architecture = readArchitecture(input) ?? 'x86_64';
      const publishes = flag(input, 'Publish') ?? false;
      const tags = textMap(input, 'Tags');
      const code = object(input, 'Code') ?? missing('code');
      requireLayers(service, settings.layers);
      const given = await readCode(service, code, 'CreateFunction', type);
      if (context.functions().some((fn) => fn.name === name || fn.id === name))
        throw conflict(`Function already exist: ${name}`);
      noteWithoutEffect(context, name, input);
      const version = records.write(() => {
        const record = {
          name,
          settings,
          architecture,
          code: takeCode(service, given),
          ...stamp(service),
        };
        records.functions.put(name, record);
        if (tags) service.extras.change(name, { tags });
        return publishes ? publish(service, record, '').version : undefined;
      });
      await service.deployments().follow();
      return reply(201, describeNow(service, name, version, call));
    },
  };
}

function readName(input: JsonObject): string {
  const given = requiredText(input, 'FunctionName');
  const { name } = parseFunctionName(given, null);
  if (name.length <= MAX_NAME && /^[\w-]+$/.test(name)) return name;
  throw validation(given, 'functionName', `length less than or equal to ${MAX_NAME}`);
}
