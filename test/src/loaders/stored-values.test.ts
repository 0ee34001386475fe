/** Parameters and secrets in project files, and what refers to them. */
import { expect, test } from 'vitest';
import { cloudFormationLoader } from '../../../src/loaders/cloudformation/loader.ts';
import { serverlessLoader } from '../../../src/loaders/serverless/loader.ts';
import { expandStored } from '../../../src/model/stored-references.ts';
import { loadWith } from './temporary-project.ts';

const template = (resources: string) =>
  loadWith(cloudFormationLoader, {
    'template.yaml': `Transform: AWS::Serverless-2016-10-31
Parameters:
  Token: { Type: AWS::SSM::Parameter::Value<String>, Default: /shop/token }
Resources:
  Fn:
    Type: AWS::Serverless::Function
    Properties:
      Handler: a.handler
      Runtime: nodejs22.x
      CodeUri: src
${resources}`,
    'src/a.js': '',
  });

test('a template’s parameters and secrets are resources', async () => {
  const { project, said } = await template(`  Url:
    Type: AWS::SSM::Parameter
    Properties: { Name: /shop/url, Type: String, Value: !Sub 'https://\${AWS::Region}', Tier: Advanced, Description: D }
  Password:
    Type: AWS::SecretsManager::Secret
    Properties:
      Name: shop/db
      GenerateSecretString: { SecretStringTemplate: '{"user":"u"}', GenerateStringKey: password, PasswordLength: 20, ExcludePunctuation: true }
  Plain: { Type: AWS::SecretsManager::Secret, Properties: { Name: plain, SecretString: hush } }
  Wrong: { Type: AWS::SSM::Parameter, Properties: { Name: /x, Type: Number, Value: 1 } }
  Empty: { Type: AWS::SSM::Parameter, Properties: { Name: /y, Type: String } }`);
  expect(project.resources.map(({ place, ...resource }) => resource)).toEqual([
    {
      ...{ kind: 'parameter', name: '/shop/url', type: 'String', value: 'https://us-east-1' },
      ...{ tier: 'Advanced', description: 'D' },
    },
    {
      ...{ kind: 'secret', name: 'shop/db' },
      arn: expect.stringMatching(
        /^arn:aws:secretsmanager:us-east-1:000000000000:secret:shop\/db-[0-9a-f]{6}$/,
      ),
      generate: { template: '{"user":"u"}', key: 'password', length: 20, excludePunctuation: true },
    },
    { kind: 'secret', name: 'plain', arn: expect.stringContaining(':secret:plain-'), value: 'hush' },
  ]);
  expect(said).toEqual([
    expect.stringMatching(
      /^error invalid-parameter Resources\.Wrong\.Properties\.Type:\d+ .*unknown Type "Number"/,
    ),
    expect.stringMatching(/^error invalid-parameter Resources\.Empty\.Properties\.Value:\d+ .*no Value/),
  ]);
});

test('references stay in environments, and are warned of elsewhere', async () => {
  const { project, said } = await template(`      Description: '{{resolve:ssm:/about}}'
      Environment:
        Variables:
          PARAMETER: !Ref Url
          URL: '{{resolve:ssm:/shop/url:1}}'
          PASSWORD: !Sub '{{resolve:secretsmanager:\${Password}:SecretString:password}}'
          TOKEN: !Ref Token
  Url: { Type: AWS::SSM::Parameter, Properties: { Name: /shop/url, Type: String, Value: x } }
  Password: { Type: AWS::SecretsManager::Secret, Properties: { Name: db, GenerateSecretString: {} } }`);
  const [secret] = project.resources.flatMap((resource) => (resource.kind === 'secret' ? [resource] : []));
  expect(project.functions[0]?.env).toEqual({
    PARAMETER: '/shop/url',
    URL: '{{resolve:ssm:/shop/url:1}}',
    PASSWORD: `{{resolve:secretsmanager:${secret?.arn}:SecretString:password}}`,
    TOKEN: '{{resolve:ssm:/shop/token}}',
  });
  expect(said).toEqual([
    expect.stringMatching(
      /^warning not-emulated Resources\.Fn\.Properties\.Description:\d+ .*only looked up in environment/,
    ),
  ]);
});

test('a session replaces the references it finds, and leaves the others', () => {
  const find = (reference: string) => (reference === 'ssm:/a' ? '1' : undefined);
  expect(expandStored('x={{resolve:ssm:/a}};y={{resolve:ssm:/b}};{{resolve:ssm:/a}}', find)).toBe(
    'x=1;y={{resolve:ssm:/b}};1',
  );
  expect(expandStored('plain', find)).toBe('plain');
});

test('serverless.yml: ${ssm:…} has the local value of the file first, then what is stored, then the fallback', async () => {
  const stored = (reference: string) =>
    ({ 'ssm:/shop/url': 'stored', 'ssm:/own': 'stored', 'secretsmanager:db': '{"user":"u"}' })[reference];
  const yaml = `service: shop
provider: { name: aws, runtime: nodejs22.x }
custom: { sls-local: { variables: { 'ssm:/own': written } } }
functions:
  fn:
    handler: a.handler
    environment:
      URL: \${ssm:/shop/url}
      OWN: \${ssm:/own}
      FALLBACK: \${ssm:/none, 'fallback'}
      RAW: \${ssm(raw):/aws/reference/secretsmanager/db}
      NONE: \${ssm:/none}
`;
  const { project, said } = await loadWith(serverlessLoader, { 'serverless.yml': yaml }, { stored });
  expect(project.functions[0]?.env).toMatchObject({
    URL: 'stored',
    OWN: 'written',
    FALLBACK: 'fallback',
    RAW: '{"user":"u"}',
  });
  expect(said).toEqual([
    expect.stringContaining('warning unresolved-variable functions.fn.environment.NONE:12'),
  ]);
});
