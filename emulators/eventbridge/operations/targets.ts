/** PutTargets, RemoveTargets, ListTargetsByRule. */
import type { JsonObject } from '../../../src/model/emulator.ts';
import { isObject } from '../../../src/model/json.ts';
import type { Operation } from '../../../src/model/service-api.ts';
import { checkName, serviceOf } from '../arns.ts';
import { limitExceeded, missingMember, validation } from '../errors.ts';
import {
  optionalMap,
  optionalMaps,
  optionalNumber,
  optionalText,
  optionalTexts,
  requiredText,
} from '../input.ts';
import { parsePath } from '../json-path.ts';
import { pageOf } from '../paging.ts';
import type { EventsService } from '../service.ts';
import { PLACEHOLDER, RESERVED } from '../transform.ts';
import { ruleOf } from './rules.ts';

/** Source: EventBridge quotas, "Targets". */
const MOST_TARGETS = 5;

export function makePutTargets(service: EventsService): Operation {
  return (input) => {
    const rule = ruleOf(service, input);
    const targets = optionalMaps(input, 'Targets');
    if (!targets || targets.length === 0) throw missingMember('Targets');
    for (const [index, target] of targets.entries()) checkTarget(target, `targets.${index + 1}.member.id`);
    const ids = new Set(targets.map(({ Id: id }) => id));
    const kept = rule.targets.filter(({ Id: id }) => !ids.has(id));
    if (kept.length + ids.size > MOST_TARGETS) throw limitExceeded();
    service.buses.saveRule({ ...rule, targets: [...kept, ...targets] });
    return { FailedEntryCount: 0, FailedEntries: [] };
  };
}

/** Throws the service's error for a target it would not take. `at`: what messages call its id. */
export function checkTarget(target: JsonObject, at = 'id'): void {
  const id = requiredText(target, 'Id');
  checkName(at, id, 64);
  const arn = requiredText(target, 'Arn');
  const refuse = (reason: string) => validation(`Parameter ${arn} is not valid. Reason: ${reason}`);
  if (serviceOf(arn) === undefined) throw refuse('Provided Arn is not in correct format.');
  if (arn.endsWith('.fifo') && serviceOf(arn) === 'sqs' && !isObject(target.SqsParameters))
    throw validation(`Parameter(s) SqsParameters must be specified for target: ${id}.`);
  const shapes = ['Input', 'InputPath', 'InputTransformer'].filter((name) => isGiven(target, name));
  if (shapes.length > 1)
    throw validation(`Only one of Input, InputPath, or InputTransformer must be provided for target ${id}.`);
  const path = optionalText(target, 'InputPath');
  if (path !== undefined && !parsePath(path))
    throw validation(`Invalid InputPath for target ${id} : [Invalid path ${path}].`);
  const input = optionalText(target, 'Input');
  if (input !== undefined && !isJson(input))
    throw validation(`JSON syntax error in input for target ${id} : [${input.slice(0, 100)}].`);
  const transformer = optionalMap(target, 'InputTransformer');
  if (transformer) checkTransformer(id, transformer);
  const retry = optionalMap(target, 'RetryPolicy');
  if (!retry) return;
  optionalNumber(retry, 'MaximumRetryAttempts', 0, 185);
  optionalNumber(retry, 'MaximumEventAgeInSeconds', 60, 86_400);
}

function checkTransformer(id: string, transformer: JsonObject): void {
  const template = requiredText(transformer, 'InputTemplate');
  const paths = optionalMap(transformer, 'InputPathsMap') ?? {};
  for (const [name, path] of Object.entries(paths)) {
    if (/^aws\./i.test(name))
      throw validation(`InputPathsMap for target ${id} contains reserved keyword 'AWS' in key ${name}.`);
    if (typeof path !== 'string' || !parsePath(path))
      throw validation(`Invalid InputPathsMap for target ${id} : [Invalid path ${JSON.stringify(path)}].`);
  }
  for (const [, name = ''] of template.matchAll(PLACEHOLDER))
    if (!RESERVED.has(name) && !Object.hasOwn(paths, name))
      throw validation(`InputTemplate for target ${id} contains invalid placeholder ${name}.`);
}

function isGiven(target: JsonObject, name: string): boolean {
  return target[name] !== undefined && target[name] !== null;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

export function makeRemoveTargets(service: EventsService): Operation {
  return (input) => {
    const rule = ruleOf(service, input);
    const ids = optionalTexts(input, 'Ids');
    if (!ids) throw missingMember('Ids');
    const unknown = ids.filter((id) => !rule.targets.some((target) => target.Id === id));
    service.buses.saveRule({
      ...rule,
      targets: rule.targets.filter(({ Id: id }) => !ids.includes(String(id))),
    });
    return {
      FailedEntryCount: unknown.length,
      FailedEntries: unknown.map((id) => ({
        TargetId: id,
        ErrorCode: 'ResourceNotFoundException',
        ErrorMessage: `Rule ${rule.name} does not have target(s) ${id}.`,
      })),
    };
  };
}

export function makeListTargetsByRule(service: EventsService): Operation {
  return (input) => {
    const { items, next } = pageOf(ruleOf(service, input).targets, input);
    return { Targets: [...items], ...next };
  };
}
