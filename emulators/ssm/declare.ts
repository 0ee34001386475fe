/** Brings parameters to what the project file says. */
import type { ParameterResource } from '../../src/model/resources.ts';
import { messageOf } from '../../src/std/errors.ts';
import type { Parameters } from './parameters.ts';

/** Values put through the API since stay, unless the file itself has changed; nothing is ever removed. */
export function declareParameters(
  parameters: Parameters,
  resources: readonly ParameterResource[],
  notice: (message: string) => void,
): void {
  for (const { kind, place, ...wanted } of resources) {
    const declared = JSON.stringify(wanted);
    if (parameters.store.find(wanted.name)?.declared === declared) continue;
    try {
      parameters.put({ ...wanted, declared, overwrite: true });
    } catch (failure) {
      notice(`the parameter ${wanted.name} of the project file cannot be made: ${messageOf(failure)}`);
    }
  }
}
