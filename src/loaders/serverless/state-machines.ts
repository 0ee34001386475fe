/** State machines of the plugin serverless-step-functions: they do not exist here, but functions refer to them. */
import type { ImpliedResource } from '../cloudformation/references.ts';
import { mapOf } from '../cloudformation/template.ts';
import { settledText } from '../unresolved.ts';
import { normalizedName } from './names.ts';
import type { Variables } from './variables/resolver.ts';

/** By the logical ids the plugin gives: of `id` or `name`, else of the key. */
export async function impliedStateMachines(variables: Variables): Promise<Record<string, ImpliedResource>> {
  const path = ['stepFunctions', 'stateMachines'];
  const implied: Record<string, ImpliedResource> = {};
  for (const key of Object.keys(mapOf(await variables.shallow(path, () => {})))) {
    const text = async (setting: string) =>
      settledText(await variables.deep([...path, key, setting], () => {}));
    const name = await text('name');
    const own = (await text('id')) ?? name;
    const id = own === undefined ? `${normalizedName(key)}StepFunctionsStateMachine` : normalizedName(own);
    implied[id] = {
      Type: 'AWS::StepFunctions::StateMachine',
      ...(name !== undefined && { Properties: { StateMachineName: name } }),
    };
  }
  return implied;
}
