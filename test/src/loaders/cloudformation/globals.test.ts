import { expect, test } from 'vitest';
import { loadTemplate } from './project-on-disk.ts';

test('IgnoreGlobals keeps all globals, or those it names, from a resource', async () => {
  const { project, problems } = await loadTemplate(`
Transform: AWS::Serverless-2016-10-31
Globals: { Function: { Timeout: 10, MemorySize: 256, CodeUri: code } }
Resources:
  All: { Type: AWS::Serverless::Function, Properties: { Runtime: nodejs22.x, Handler: index.handler } }
  Some:
    Type: AWS::Serverless::Function
    IgnoreGlobals: [Timeout]
    Properties: { Runtime: nodejs22.x, Handler: index.handler }
  None:
    Type: AWS::Serverless::Function
    IgnoreGlobals: '*'
    Properties: { Runtime: nodejs22.x, Handler: index.handler }
`);
  expect(problems).toEqual([]);
  expect(
    project.functions.map(({ id, timeoutMs, memoryMb, codeRoot }) => [
      ...[id, timeoutMs, memoryMb],
      codeRoot.endsWith('/code'),
    ]),
  ).toEqual([
    ['All', 10_000, 256, true],
    ['Some', 3_000, 256, true],
    ['None', 3_000, 128, false],
  ]);
});

test('what of Globals has no effect is told', async () => {
  const resources = 'Resources: { Q: { Type: AWS::SQS::Queue } }';
  const misspelt = await loadTemplate(`Globals:\n  Functions: { Timeout: 3 }\n${resources}`);
  expect(misspelt.lines).toEqual([
    'warning unknown-property @2: "Functions" is no section of Globals: it has no effect',
  ]);
  expect(misspelt.problems[0]?.hint).toContain('Function');
  const list = await loadTemplate(`Globals: [1]\n${resources}`);
  expect(list.lines).toEqual(['warning unknown-property @1: Globals is no map: it has no effect']);
});
