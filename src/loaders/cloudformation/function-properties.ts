/** Says which properties of a function have no effect here, and which are no properties of a function. */
import type { Report } from '../problems.ts';
import { provisionedWords } from '../provisioned.ts';
import type { Intrinsics } from './intrinsics.ts';
import { provisionedOf } from './provisioned.ts';
import { dotted, entryOf, type TemplateResource } from './template.ts';

/** Lowered, or of no consequence on a laptop: permissions, watching, deployment. */
const silent = new Set(
  `Architectures AssumeRolePolicyDocument AutoPublishAlias AutoPublishAliasAllProperties AutoPublishCodeSha256
  CapacityProviderConfig Code CodeSigningConfigArn CodeUri ConnectorConfig Connectors DeadLetterConfig DeadLetterQueue DeploymentPreference Description
  Environment EphemeralStorage EventInvokeConfig Events FunctionName FunctionScalingConfig FunctionUrlConfig Handler ImageConfig ImageUri
  InlineCode InstrumentationConfig KmsKeyArn Layers LoggingConfig MemorySize PackageType PermissionsBoundary Policies
  PropagateTags ProvisionedConcurrencyConfig PublishToLatestPublished RecursiveLoop ReservedConcurrentExecutions Role
  RolePath Runtime RuntimeManagementConfig RuntimePolicy SnapStart SourceKMSKeyArn Tags TenancyConfig Timeout Tracing TracingConfig
  VersionDeletionPolicy VersionDescription VpcConfig`.split(/\s+/),
);

const missed: Readonly<Record<string, string>> = {
  FileSystemConfigs: 'no file system is mounted',
  DurableConfig: 'the function runs as an ordinary one',
};

export function reportMissedProperties(
  resource: TemplateResource,
  intrinsics: Intrinsics,
  report: Report,
): void {
  const provisioned = provisionedOf(resource, intrinsics);
  const words = provisionedWords(provisioned?.count);
  if (provisioned && words !== undefined)
    report({
      ...{ severity: 'warning', code: 'not-emulated', message: `function "${resource.id}": ${words}` },
      ...{ place: intrinsics.place(provisioned.path), subject: dotted(provisioned.path) },
    });
  for (const key of Object.keys(resource.properties)) {
    if (silent.has(key) || key.startsWith('Fn::')) continue;
    const consequence = entryOf(missed, key);
    const path = [...resource.path, 'Properties', key];
    report({
      severity: 'warning',
      code: consequence === undefined ? 'unknown-property' : 'not-emulated',
      message:
        consequence === undefined
          ? `"${key}" of function "${resource.id}" is not a known property`
          : `${key} of function "${resource.id}" is not emulated: ${consequence}`,
      ...(consequence === undefined ? { hint: 'check the spelling' } : {}),
      place: intrinsics.place(path),
      subject: dotted(path),
    });
  }
}
