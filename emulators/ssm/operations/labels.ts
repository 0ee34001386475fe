/** LabelParameterVersion and UnlabelParameterVersion. */
import type { JsonObject } from '../../../src/model/emulator.ts';
import type { Operation } from '../../../src/model/service-api.ts';
import { labelLimit, parameterVersionNotFound } from '../errors.ts';
import { optionalInteger, requiredText, textList } from '../input.ts';
import type { Parameters } from '../parameters.ts';

const MOST_LABELS = 10;

/** A label is on one version at a time: putting it on another moves it. */
export function makeLabelParameterVersion(parameters: Parameters): Operation {
  return (input) => {
    const { record, version } = selected(parameters, input);
    const labels = textList(input, 'Labels', MOST_LABELS);
    const invalid = labels.filter((label) => !isLabel(label));
    const added = labels.filter(isLabel).map((label): [string, number] => [label, version]);
    const merged = { ...record.labels, ...Object.fromEntries(added) };
    if (Object.values(merged).filter((one) => one === version).length > MOST_LABELS) throw labelLimit();
    parameters.store.save({ ...record, labels: merged });
    return { InvalidLabels: invalid, ParameterVersion: version };
  };
}

export function makeUnlabelParameterVersion(parameters: Parameters): Operation {
  return (input) => {
    const { record, version } = selected(parameters, input);
    const labels = textList(input, 'Labels', MOST_LABELS);
    const removed = labels.filter((label) => record.labels[label] === version);
    const kept = Object.entries(record.labels).filter(([label]) => !removed.includes(label));
    parameters.store.save({ ...record, labels: Object.fromEntries(kept) });
    return { RemovedLabels: removed, InvalidLabels: labels.filter((label) => !removed.includes(label)) };
  };
}

function selected(parameters: Parameters, input: JsonObject) {
  const { record } = parameters.get(requiredText(input, 'Name'));
  const version = optionalInteger(input, 'ParameterVersion', 0, Number.MAX_SAFE_INTEGER) ?? record.latest;
  if (!parameters.store.version(record.name, version))
    throw parameterVersionNotFound(String(version), record.name);
  return { record, version };
}

/** Source: SSM guide, "Working with parameter labels". */
function isLabel(label: string): boolean {
  return /^[A-Za-z_.-][\w.-]{0,99}$/.test(label) && !/^(aws|ssm)/i.test(label);
}
