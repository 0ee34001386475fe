import { expect, test } from 'vitest';
import { loadTemplate } from './project-on-disk.ts';

test('keys of a CORS setting that are none are told, each form having its own', async () => {
  const { lines } = await loadTemplate(`
Transform: AWS::Serverless-2016-10-31
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs22.x
      Handler: a.b
      CodeUri: code
      FunctionUrlConfig: { AuthType: NONE, Cors: { AllowOrigins: ['*'], AllowMethod: [GET] } }
  Http:
    Type: AWS::Serverless::HttpApi
    Properties:
      CorsConfiguration:
        AllowOrigin: ['*']
  Rest:
    Type: AWS::Serverless::Api
    Properties:
      StageName: v1
      Cors:
        AllowOrigins: "'*'"
        MaxAge: "'60'"
`);
  expect(lines).toEqual([
    'warning unknown-property @15: "AllowOrigin" is no key of a CORS setting here: it has no effect',
    'warning unknown-property @21: "AllowOrigins" is no key of a CORS setting here: it has no effect',
    'warning unknown-property @10: "AllowMethod" is no key of a CORS setting here: it has no effect',
  ]);
});
