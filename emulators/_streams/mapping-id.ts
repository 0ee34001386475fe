/** The UUID the cloud would give a trigger's event source mapping. */
import { stableUuid } from '../../src/std/stable-uuid.ts';

/** Those of the project's triggers are the same in every session. */
export function mappingUuid(
  { mappingId, functionId }: { readonly mappingId?: string; readonly functionId: string },
  sourceArn: string,
): string {
  return mappingId ?? stableUuid(`${functionId} ${sourceArn}`);
}
