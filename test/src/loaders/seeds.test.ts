/** However a project file names its seeds, the project has the same. */
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadProject } from '../../../src/loaders/load.ts';
import type { LoadOptions } from '../../../src/model/project.ts';
import { inShort, noOptions, temporaryProject } from './temporary-project.ts';

async function load(files: Readonly<Record<string, string>>, options: Partial<LoadOptions> = {}) {
  const root = temporaryProject({ 'seeds/orders.json': '[]', 'seeds/raw.json': '[]', ...files });
  const { project, problems } = await loadProject({ root, options: { ...noOptions, ...options } });
  const seeds = (project.seeds ?? []).map(({ table, source, subject, place }) => ({
    table,
    source: source.kind === 'file' ? { ...source, file: source.file.slice(root.length + 1) } : source,
    subject,
    line: place?.line,
  }));
  return { root, project, seeds, said: problems.map(inShort) };
}

const resources = (metadata = '') => `
resources:
  Resources:
    Orders:
      Type: AWS::DynamoDB::Table
${metadata}      Properties:
        TableName: shop-orders
        BillingMode: PAY_PER_REQUEST
        AttributeDefinitions: [{ AttributeName: id, AttributeType: S }]
        KeySchema: [{ AttributeName: id, KeyType: HASH }]
`;

describe('sls-local.config', () => {
  const config = (seed: string) =>
    `name: shop\nfunctions: {}\ntables:\n  orders:\n    key: id\n    seed: ${seed}\n`;
  const yaml = (seed: string) => load({ 'sls-local.config.yml': config(seed) });

  test('one file, or several files and items', async () => {
    expect((await yaml('seeds/orders.json')).seeds).toEqual([
      {
        table: 'shop-dev-orders',
        source: { kind: 'file', file: 'seeds/orders.json' },
        subject: 'tables.orders.seed',
        line: 6,
      },
    ]);
    const { seeds, said } = await yaml('[seeds/orders.json, { id: a, n: 1.5, l: [true, null] }]');
    expect(said).toEqual([]);
    expect(seeds.map(({ source }) => source)).toEqual([
      { kind: 'file', file: 'seeds/orders.json' },
      { kind: 'item', json: '{"id":"a","n":1.5,"l":[true,null]}' },
    ]);
    expect(seeds[1]).toMatchObject({ subject: 'tables.orders.seed[1]' });
  });

  test('a program may write exact numbers, sets and bytes', async () => {
    const { seeds, said } = await load({
      'sls-local.config.mjs': `export default { name: 'shop', functions: {}, tables: { orders: { key: 'id', seed: [{
        id: 'a', n: 12345678901234567890123456789012345678n, tags: new Set(['x']), sizes: new Set([1, 2n]),
        photo: new Uint8Array([1, 2, 3]), parts: new Set([Buffer.from('a')]), gone: undefined,
      }] } } };`,
    });
    expect(said).toEqual([]);
    expect(seeds[0]?.source).toEqual({
      kind: 'item',
      json:
        '{"id":"a","n":12345678901234567890123456789012345678,"tags":{"$stringSet":["x"]},"sizes":{"$numberSet":[1,2]},' +
        '"photo":{"$binary":"AQID"},"parts":{"$binarySet":["YQ=="]}}',
    });
  });

  test('seed files are watched as sources', async () => {
    const { root, project } = await yaml('seeds/orders.json');
    expect(project.sources).toContain(join(root, 'seeds/orders.json'));
  });

  test('a file that is not there is an error, and the table stays', async () => {
    const { project, seeds, said } = await yaml('[seeds/none.json]');
    expect(said).toEqual([
      'error seed-missing tables.orders.seed[0]:6 tables.orders.seed[0]: the seed file "seeds/none.json" does not exist',
    ]);
    expect(seeds).toEqual([]);
    expect(project.resources).toHaveLength(1);
  });

  test('what is neither a file nor an item is an error, and the rest stays', async () => {
    const { project, seeds, said } = await yaml('[5, seeds/orders.json]');
    expect(said).toEqual([
      'error invalid-value tables.orders.seed[0]:6 tables.orders.seed[0]: expected the path of a file of items, or an item, found 5',
    ]);
    expect(seeds).toHaveLength(1);
    expect(project.resources).toHaveLength(1);
    expect((await yaml('5')).said).toEqual([
      'error invalid-value tables.orders.seed:6 tables.orders.seed: expected the path of a file of items, or a list of paths and items, found 5',
    ]);
  });

  test('a number that has lost digits is worth a word, and what no table can hold an error', async () => {
    expect((await yaml('[{ id: a, n: 12345678901234567890 }]')).said).toEqual([
      'warning inexact-number tables.orders.seed[0].n:6 tables.orders.seed[0].n: 12345678901234567000 may have lost digits: numbers here keep 15 only',
    ]);
    expect((await yaml('[{ id: a, n: .nan }]')).said).toEqual([
      'error invalid-value tables.orders.seed[0].n:6 tables.orders.seed[0].n: expected something a table can hold, found NaN',
    ]);
  });
});

describe('serverless.yml', () => {
  const base = 'service: shop\nprovider: { name: aws, runtime: nodejs20.x }\n';
  const both = `${base}custom:
  dynamodb:
    stages: [dev]
    start: { port: 8000, seed: true }
    seed:
      domain:
        sources:
          - table: \${self:service}-orders
            sources: [./seeds/orders.json]
            rawsources: [seeds/raw.json]
${resources()}`;
  const files = [
    { kind: 'file', file: 'seeds/orders.json', form: 'plain' },
    { kind: 'file', file: 'seeds/raw.json', form: 'typed' },
  ];

  test('the form of serverless-dynamodb', async () => {
    const { seeds, said } = await load({ 'serverless.yml': both });
    expect(said).toEqual([]);
    expect(seeds.map(({ source }) => source)).toEqual(files);
    expect(seeds[0]).toMatchObject({
      table: 'shop-orders',
      subject: 'custom.dynamodb.seed.domain.sources[0].sources[0]',
      line: 11,
    });
  });

  test.each([
    ['seed: false', 'dev', 0],
    ['seed: domain', 'dev', 2],
    ['seed: "other, domain"', 'dev', 2],
    ['seed: other', 'dev', 0],
    ['host: x', 'dev', 2],
    ['seed: true', 'prod', 0],
  ])('start: { %s } in stage %s', async (start, stage, count) => {
    const { seeds } = await load({ 'serverless.yml': both.replace('seed: true', start) }, { stage });
    expect(seeds).toHaveLength(count);
  });

  test('the form of serverless-dynamodb-seed, with a reference to the table', async () => {
    const { seeds, said } = await load({
      'serverless.yml': `${base}custom:\n  seed:\n    first: { table: !Ref Orders, sources: [seeds/orders.json] }\n${resources()}`,
    });
    expect(said).toEqual([]);
    expect(seeds).toMatchObject([{ table: 'shop-orders', source: files[0] }]);
  });

  test('some other custom.seed is left alone', async () => {
    for (const seed of ['42', '{ a: b }', '[1]', '{ a: { sources: 1 } }'])
      expect(
        (await load({ 'serverless.yml': `${base}custom: { seed: ${seed} }\n${resources()}` })).said,
      ).toEqual([]);
  });

  test('a table the project does not have is a warning that names the nearest', async () => {
    const { seeds, said, project } = await load({ 'serverless.yml': both.replace('-orders', '-order') });
    expect(seeds).toEqual([]);
    expect(project.seeds).toBeUndefined();
    expect(said).toHaveLength(2);
    expect(said[0]).toBe(
      'warning unknown-table custom.dynamodb.seed.domain.sources[0].sources[0]:11 ' +
        'custom.dynamodb.seed.domain.sources[0].sources[0]: the project has no table "shop-order"',
    );
  });

  test('a source without a table is an error', async () => {
    const { said } = await load({
      'serverless.yml': both.replace('- table: ${self:service}-orders', '- name: x'),
    });
    expect(said).toEqual([
      'error invalid-value custom.dynamodb.seed.domain.sources[0]:10 ' +
        'custom.dynamodb.seed.domain.sources[0].table: expected the name of a table',
    ]);
  });

  test("a table's metadata below resources", async () => {
    const metadata = '      Metadata: { sls-local: { seed: [seeds/orders.json] } }\n';
    const { seeds, said } = await load({ 'serverless.yml': base + resources(metadata) });
    expect(said).toEqual([]);
    expect(seeds).toMatchObject([
      {
        table: 'shop-orders',
        source: { file: 'seeds/orders.json' },
        subject: 'Resources.Orders.Metadata.sls-local.seed[0]',
      },
    ]);
  });
});

describe('SAM and CloudFormation', () => {
  test("files and items in the table's metadata, relative to the template", async () => {
    const { seeds, said } = await load({
      'template.yaml': `Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::SimpleTable
    Metadata:
      sls-local:
        seed:
          - seeds/orders.json
          - { id: !Sub "\${AWS::Region}-1", n: 5 }
    Properties: { TableName: shop-orders }
`,
    });
    expect(said).toEqual([]);
    expect(seeds).toEqual([
      {
        table: 'shop-orders',
        source: { kind: 'file', file: 'seeds/orders.json' },
        subject: 'Resources.Orders.Metadata.sls-local.seed[0]',
        line: 8,
      },
      {
        table: 'shop-orders',
        source: { kind: 'item', json: '{"id":"us-east-1-1","n":5}' },
        subject: 'Resources.Orders.Metadata.sls-local.seed[1]',
        line: 9,
      },
    ]);
  });
});
