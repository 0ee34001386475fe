/** DeleteParameter and DeleteParameters. */
import type { Operation } from '../../../src/model/service-api.ts';
import { requiredText, textList } from '../input.ts';
import type { Parameters } from '../parameters.ts';

export function makeDeleteParameter(parameters: Parameters): Operation {
  return (input) => {
    parameters.store.forget(parameters.get(requiredText(input, 'Name')).record.name);
    return {};
  };
}

export function makeDeleteParameters({ store }: Parameters): Operation {
  return (input) => {
    const names = textList(input, 'Names', 10);
    const deleted = names.filter((name) => store.find(name));
    store.write(() => {
      for (const name of deleted) store.forget(name);
    });
    return { DeletedParameters: deleted, InvalidParameters: names.filter((name) => !deleted.includes(name)) };
  };
}
