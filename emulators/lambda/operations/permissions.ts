/** AddPermission, RemovePermission, GetPolicy: kept and told, not asked: nobody is refused here. */
import type { JsonObject } from '../../../src/model/emulator.ts';
import type { RestRequest, RestRoute } from '../../../src/model/service-api.ts';
import { type PolicyRecord, withEntry, withoutEntry } from '../deployed/extras.ts';
import { notFound, staleRevision } from '../errors.ts';
import { readInput, text } from '../input.ts';
import { namedQualified, type Qualified } from '../qualified.ts';
import { functionRoute, reply, type Service } from '../service.ts';
import { type ConditionMembers, checkIsNew, readStatement } from '../statement.ts';

const ACTION = /^(lambda:[*]|lambda:[a-zA-Z]+|[*])$/;
const CONDITIONS: ConditionMembers = [
  ['SourceAccount', 'StringEquals', 'AWS:SourceAccount'],
  ['EventSourceToken', 'StringEquals', 'lambda:EventSourceToken'],
  ['PrincipalOrgID', 'StringEquals', 'aws:PrincipalOrgID'],
  ['FunctionUrlAuthType', 'StringEquals', 'lambda:FunctionUrlAuthType'],
  ['SourceArn', 'ArnLike', 'AWS:SourceArn'],
];
const POLICY = '/2015-03-31/functions/{FunctionName}/policy';

export function makePermissionRoutes(service: Service): readonly RestRoute[] {
  const { context, extras } = service;
  const policyOf = ({ fn, qualifier }: Qualified): PolicyRecord | undefined =>
    extras.of(fn.name).policies?.[qualifier];
  const put = ({ fn, qualifier }: Qualified, statements: readonly JsonObject[]) => {
    const { policies } = extras.of(fn.name);
    const policy = { revisionId: context.ids.uuid(), statements };
    extras.change(fn.name, {
      policies:
        statements.length === 0 ? withoutEntry(policies, qualifier) : withEntry(policies, qualifier, policy),
    });
  };

  return [
    functionRoute('AddPermission', 'POST', POLICY, (request) => {
      const named = namedQualified(service, request);
      const policy = policyOf(named);
      const input = readInput(request.body);
      const viaUrl = input.InvokedViaFunctionUrl === true;
      const statement = readStatement(
        input,
        { arn: named.arn, action: ACTION, conditions: CONDITIONS },
        viaUrl ? { Bool: { 'lambda:InvokedViaFunctionUrl': 'true' } } : {},
      );
      requireRevision(text(input, 'RevisionId'), policy);
      const statements = policy?.statements ?? [];
      checkIsNew(statement, statements);
      put(named, [...statements, statement]);
      return reply(201, { Statement: JSON.stringify(statement) });
    }),
    functionRoute('GetPolicy', 'GET', POLICY, (request) => {
      const policy = policyOf(namedQualified(service, request));
      if (!policy) throw notFound('The resource you requested does not exist.');
      const { statements, revisionId } = policy;
      const document = { Version: '2012-10-17', Id: 'default', Statement: statements };
      return reply(200, { Policy: JSON.stringify(document), RevisionId: revisionId });
    }),
    functionRoute('RemovePermission', 'DELETE', `${POLICY}/{StatementId}`, (request) => {
      const named = namedQualified(service, request);
      const policy = policyOf(named);
      if (!policy) throw notFound('No policy is associated with the given resource.');
      requireRevision(request.query.get('RevisionId') ?? undefined, policy);
      const left = policy.statements.filter(({ Sid }) => Sid !== statementId(request));
      if (left.length === policy.statements.length)
        throw notFound(`Statement ${statementId(request)} is not found in resource policy.`);
      put(named, left);
      return { status: 204 };
    }),
  ];
}

function statementId({ pathParameters }: RestRequest): string {
  return pathParameters.StatementId ?? '';
}

/** Throws where the caller has seen another policy than there is. */
export function requireRevision(
  given: string | undefined,
  policy: PolicyRecord | undefined,
  readBy = 'GetPolicy',
): void {
  if (given !== undefined && given !== policy?.revisionId) throw staleRevision(readBy);
}
