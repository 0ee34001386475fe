/** AddLayerVersionPermission, GetLayerVersionPolicy, RemoveLayerVersionPermission: kept and told; nobody is refused here. */
import type { JsonObject } from '../../../src/model/emulator.ts';
import type { RestRequest, RestRoute } from '../../../src/model/service-api.ts';
import type { LayerRecord } from '../deployed/records.ts';
import { notFound } from '../errors.ts';
import { readInput } from '../input.ts';
import { requireRevision } from '../operations/permissions.ts';
import { reply, type Service } from '../service.ts';
import { type ConditionMembers, checkIsNew, readStatement } from '../statement.ts';
import { layerArn } from './describe-layer.ts';

const POLICY = '/2018-10-31/layers/{LayerName}/versions/{VersionNumber}/policy';
const ACTION = /^lambda:GetLayerVersion$/;
const CONDITIONS: ConditionMembers = [['OrganizationId', 'StringEquals', 'aws:PrincipalOrgID']];

/** `need`: the layer version a path names. */
export function makeLayerPermissionRoutes(
  { context, records }: Service,
  need: (request: RestRequest) => LayerRecord,
): readonly RestRoute[] {
  const put = (layer: LayerRecord, statements: readonly JsonObject[]): string => {
    const { policy: _, ...others } = layer;
    const revisionId = context.ids.uuid();
    const kept = statements.length === 0 ? others : { ...others, policy: { revisionId, statements } };
    records.layers.put([layer.name, layer.version], kept);
    return revisionId;
  };
  return [
    route('AddLayerVersionPermission', 'POST', POLICY, (request) => {
      const layer = need(request);
      const input = readInput(request.body);
      const arn = `${layerArn(context, layer.name)}:${layer.version}`;
      const statement = readStatement(input, { arn, action: ACTION, conditions: CONDITIONS });
      requireRevision(request.query.get('RevisionId') ?? undefined, layer.policy, 'GetLayerVersionPolicy');
      const statements = layer.policy?.statements ?? [];
      checkIsNew(statement, statements);
      const RevisionId = put(layer, [...statements, statement]);
      return reply(201, { Statement: JSON.stringify(statement), RevisionId });
    }),
    route('GetLayerVersionPolicy', 'GET', POLICY, (request) => {
      const { statements, revisionId } = needPolicy(need(request));
      const document = { Version: '2012-10-17', Id: 'default', Statement: [...statements] };
      return reply(200, { Policy: JSON.stringify(document), RevisionId: revisionId });
    }),
    route('RemoveLayerVersionPermission', 'DELETE', `${POLICY}/{StatementId}`, (request) => {
      const layer = need(request);
      const policy = needPolicy(layer);
      requireRevision(request.query.get('RevisionId') ?? undefined, policy, 'GetLayerVersionPolicy');
      const { StatementId: id = '' } = request.pathParameters;
      const left = policy.statements.filter(({ Sid }) => Sid !== id);
      if (left.length === policy.statements.length)
        throw notFound(`Statement ${id} is not found in resource policy.`);
      put(layer, left);
      return { status: 204 };
    }),
  ];
}

function needPolicy({ policy }: LayerRecord): NonNullable<LayerRecord['policy']> {
  if (policy) return policy;
  throw notFound('No policy is associated with the given resource.');
}

function route(operation: string, method: string, path: string, handle: RestRoute['handle']): RestRoute {
  return { operation, method, path, handle, targetOf: ({ pathParameters }) => pathParameters.LayerName };
}
