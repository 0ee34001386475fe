/** The place `Code.Location` names: a deployment package as it was sent. */
import type { RestRoute } from '../../../src/model/service-api.ts';
import { notFound } from '../errors.ts';
import type { Service } from '../service.ts';

export function makeDownloadPackage({ records }: Service): RestRoute {
  return {
    operation: 'DownloadPackage',
    method: 'GET',
    path: '/lambda-packages/{File}',
    handle({ pathParameters }) {
      const id = (pathParameters.File ?? '').replace(/\.zip$/, '');
      const zip = records.packages.get(id);
      if (!zip) throw notFound(`There is no package ${id}`);
      return { status: 200, headers: { 'content-type': 'application/zip' }, body: Buffer.from(zip) };
    },
  };
}
