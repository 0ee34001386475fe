/** Lowers what templates keep in Parameter Store and Secrets Manager. */
import type { GeneratedSecret, ParameterResource, Resource, SecretResource } from '../../model/resources.ts';
import type { Report } from '../problems.ts';
import type { Intrinsics } from './intrinsics.ts';
import { flagOf, isMap, mapOf, numberOf, type TemplateResource, textOf, type Values } from './template.ts';
import { fail } from './trigger-context.ts';

/** Undefined for other types. */
export function lowerStoredValue(
  resource: TemplateResource,
  intrinsics: Intrinsics,
  report: Report,
): Resource[] | undefined {
  if (resource.type === 'AWS::SSM::Parameter') return lowerParameter(resource, intrinsics, report);
  return resource.type === 'AWS::SecretsManager::Secret' ? [lowerSecret(resource, intrinsics)] : undefined;
}

const TYPES = ['String', 'StringList', 'SecureString'] as const;
const TIERS = ['Standard', 'Advanced', 'Intelligent-Tiering'] as const;

function lowerParameter(
  resource: TemplateResource,
  intrinsics: Intrinsics,
  report: Report,
): ParameterResource[] {
  const keys = ['Type', 'Value', 'Description', 'AllowedPattern', 'Tier'];
  const parameter = intrinsics.properties(resource, keys);
  const value = textOf(parameter.Value);
  const type = TYPES.find((one) => one === (parameter.Type ?? 'String'));
  if (value === undefined || type === undefined) {
    const key = type === undefined ? 'Type' : 'Value';
    const message = `parameter "${resource.id}" has ${type === undefined ? `the unknown Type "${textOf(parameter.Type) ?? ''}"` : 'no Value'}`;
    fail({ intrinsics, report }, 'invalid-parameter', [...resource.path, 'Properties', key], message);
    return [];
  }
  const description = textOf(parameter.Description);
  const allowedPattern = textOf(parameter.AllowedPattern);
  const tier = TIERS.find((one) => one === parameter.Tier);
  return [
    {
      kind: 'parameter',
      name: intrinsics.physicalName(resource.id),
      type,
      value,
      ...(description === undefined ? {} : { description }),
      ...(allowedPattern === undefined ? {} : { allowedPattern }),
      ...(tier === undefined ? {} : { tier }),
      place: intrinsics.place(resource.path),
    },
  ];
}

function lowerSecret(resource: TemplateResource, intrinsics: Intrinsics): SecretResource {
  const secret = intrinsics.properties(resource, ['Description', 'SecretString', 'GenerateSecretString']);
  const description = textOf(secret.Description);
  const { SecretString: written, GenerateSecretString: rules } = secret;
  // Some write the text's JSON as a map.
  const value = isMap(written) ? JSON.stringify(written) : textOf(written);
  return {
    kind: 'secret',
    name: intrinsics.physicalName(resource.id),
    arn: intrinsics.arnOf(resource.id),
    ...(description === undefined ? {} : { description }),
    ...(value === undefined ? {} : { value }),
    ...(rules === undefined || value !== undefined ? {} : { generate: generation(mapOf(rules)) }),
    place: intrinsics.place(resource.path),
  };
}

function generation(rules: Values): GeneratedSecret {
  const settings = {
    template: isMap(rules.SecretStringTemplate)
      ? JSON.stringify(rules.SecretStringTemplate)
      : textOf(rules.SecretStringTemplate),
    key: textOf(rules.GenerateStringKey),
    length: numberOf(rules.PasswordLength),
    excludeCharacters: textOf(rules.ExcludeCharacters),
    excludeNumbers: flagOf(rules.ExcludeNumbers),
    excludePunctuation: flagOf(rules.ExcludePunctuation),
    excludeUppercase: flagOf(rules.ExcludeUppercase),
    excludeLowercase: flagOf(rules.ExcludeLowercase),
    includeSpace: flagOf(rules.IncludeSpace),
    requireEachIncludedType: flagOf(rules.RequireEachIncludedType),
  };
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}
