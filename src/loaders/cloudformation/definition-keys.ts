/** Where the API types hold their OpenAPI definition. */
import { entryOf } from './template.ts';

export interface DefinitionKeys {
  /** The property that holds the definition itself. */
  readonly body: string;
  /** The property that says where it is: in a file, or uploaded. */
  readonly file: string;
}

const sam: DefinitionKeys = { body: 'DefinitionBody', file: 'DefinitionUri' };
const plain: DefinitionKeys = { body: 'Body', file: 'BodyS3Location' };

const keys: Readonly<Record<string, DefinitionKeys>> = {
  'AWS::Serverless::Api': sam,
  'AWS::Serverless::HttpApi': sam,
  'AWS::ApiGateway::RestApi': plain,
  'AWS::ApiGatewayV2::Api': plain,
};

/** Undefined for what is no API. */
export function definitionKeysOf(type: string): DefinitionKeys | undefined {
  return entryOf(keys, type);
}
