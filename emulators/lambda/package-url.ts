/** Where a deployment package can be downloaded. */
import type { ApiCall } from '../../src/model/service-api.ts';

export function packageUrl({ endpoint }: ApiCall, id: string): string {
  return `${endpoint}/lambda-packages/${id}.zip`;
}
