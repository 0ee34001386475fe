import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { copyProject, type Dev, runCli, startDev } from './session-under-test.ts';

const DIGITS = '12345678901234567890123456789012345678';
const SEED_FILE = 'seeds/events.csv';
const SEEDS = 'customer,at,kind,zip\nann,1,login,007\nann,2,buy,"""12"""\nbob,1,login,\n';

/** The sample shop with a second table, and seeds for both. */
function copyShop() {
  const copy = copyProject('shop-native');
  const file = join(copy.root, 'sls-local.config.ts');
  const tables = `tables: {
    orders: { name: 'shop-orders', key: 'id',
      seed: [{ id: 'first', total: ${DIGITS}n, tags: new Set(['a', 'b']), photo: new Uint8Array([1, 2, 3]) }] },
    events: { name: 'shop-events', key: { hash: 'customer', range: 'at' }, attributes: { at: 'N' },
      seed: '${SEED_FILE}', indexes: { byKind: { key: { hash: 'kind', range: 'at' } },
        byKindAndZip: { key: { hash: ['kind', 'zip'], range: ['customer', 'at'] } } } },
  },`;
  writeFileSync(file, readFileSync(file, 'utf8').replace(/tables: \{.*\},/, tables));
  mkdirSync(join(copy.root, 'seeds'));
  writeFileSync(join(copy.root, SEED_FILE), SEEDS);
  return copy;
}

const FIRST = `{"id":"first","total":${DIGITS},"tags":{"$stringSet":["a","b"]},"photo":{"$binary":"AQID"}}`;

const EVENTS = [
  '{"customer":"ann","at":1,"kind":"login","zip":"007"}',
  '{"customer":"ann","at":2,"kind":"buy","zip":"12"}',
  '{"customer":"bob","at":1,"kind":"login"}',
];

describe.each(['without a session', 'with a session'])('%s', (where) => {
  let copy: ReturnType<typeof copyShop>;
  let dev: Dev | undefined;
  const data = (args: readonly string[], options: Parameters<typeof runCli>[1] = {}) =>
    runCli(['data', ...args], { cwd: copy.root, ...options });
  const out = async (...args: string[]) => {
    const { code, stdout, stderr } = await data(args);
    expect({ code, stderr }).toMatchObject({ code: 0 });
    return stdout;
  };
  const linesOf = async (...args: string[]) => (await out(...args)).split('\n').filter(Boolean).sort();

  beforeAll(async () => {
    copy = copyShop();
    if (where === 'with a session') dev = await startDev(copy.root, ['--backend', 'process']);
  });
  afterAll(async () => {
    await dev?.stop();
    copy.remove();
  });
  beforeEach(async () => {
    await out('reset', '--yes');
  });

  test('the tables are listed with what is in them, for people and as JSON', async () => {
    const text = await out();
    expect(text).toMatch(/^table +items +size +key +indexes\n/);
    expect(text).toMatch(
      /shop-events +3 +\d+ B +customer \(text\), at \(number\) +byKind \(kind, at\), byKindAndZip \(kind, zip, customer, at\)\n/,
    );
    expect(JSON.parse(await out('--json'))).toMatchObject([
      { name: 'shop-events', items: 3, key: { hash: 'customer', range: 'at' } },
      { name: 'shop-orders', items: 1, key: { hash: 'id' } },
    ]);
  });

  test('items are shown as a table or as JSON lines, page by page', async () => {
    expect(await out('shop-orders')).toBe(
      [
        `id     ${' '.repeat(33)}total  tags                      photo`,
        `first  ${DIGITS}  {"$stringSet":["a","b"]}  {"$binary":"AQID"}`,
        '',
      ].join('\n'),
    );
    expect(await linesOf('shop-events', '--json')).toEqual(EVENTS);
    const first = await data(['shop-events', '--json', '--limit', '2']);
    const after = /--after '([^']+)'/.exec(first.stderr)?.[1] ?? '';
    const rest = await data(['shop-events', '--json', '--limit', '2', '--after', after]);
    expect([...first.stdout.split('\n'), ...rest.stdout.split('\n')].filter(Boolean).sort()).toEqual(EVENTS);
    expect(rest.stderr).not.toContain('more');
    expect(
      await linesOf('shop-events', '--json', '--filter', 'kind = login and begins_with(customer, a)'),
    ).toEqual(EVENTS.slice(0, 1));
  });

  test('a table may be called what the project file calls it', async () => {
    expect(await linesOf('events', '--json')).toEqual(EVENTS);
    expect(await out('get', 'orders', 'first')).toBe(await out('get', 'shop-orders', 'first'));
  });

  test('queries take a hash key, a range, an index, a filter and a direction', async () => {
    const query = (...args: string[]) => out('query', 'shop-events', '--json', ...args);
    expect(await query('--hash', 'ann', '--range', 'ge:2')).toBe(`${EVENTS[1]}\n`);
    expect(await query('--hash', 'ann', '--reverse')).toBe(`${EVENTS[1]}\n${EVENTS[0]}\n`);
    expect(await query('--hash', 'login', '--index', 'byKind', '--filter', 'customer <> ann')).toBe(
      `${EVENTS[2]}\n`,
    );
    expect(await query('--hash', 'ann', '--limit', '1')).toBe(`${EVENTS[0]}\n`);
    const several = ['--index', 'byKindAndZip', '--hash', 'login', '--hash', '007'];
    expect(await query(...several)).toBe(`${EVENTS[0]}\n`);
    expect(await query(...several, '--range', 'ann', '--range', 'between:1,3')).toBe(`${EVENTS[0]}\n`);
    expect(await query(...several, '--range', 'begins_with:b')).toBe('');
    expect(await data(['query', 'shop-events', ...several.slice(0, 4)])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--hash: 1 value for 2 hash attributes of byKindAndZip: kind, zip'),
    });
  });

  test('one item is written, read and removed', async () => {
    const item = `{"id":"x","n":-0.5,"deep":[{"a":[null,true]}]}`;
    expect(await out('put', 'shop-orders', '-e', item)).toBe('put id="x" in shop-orders\n');
    expect(await out('put', 'shop-orders', '-e', item)).toBe('replaced id="x" in shop-orders\n');
    expect(await out('get', 'shop-orders', 'x', '--json')).toBe(`${item}\n`);
    expect(JSON.parse(await out('get', 'shop-orders', 'id=x', '--dynamodb-json'))).toMatchObject({
      n: { N: '-0.5' },
    });
    const typed = await data(['put', 'shop-orders', '-e', '-', '--dynamodb-json'], {
      input: '{"id":{"S":"y"}}',
    });
    expect(typed).toMatchObject({ code: 0, stdout: 'put id="y" in shop-orders\n' });
    expect(await out('delete', 'shop-orders', '--key', '{"id":"x"}')).toBe(
      'deleted id="x" from shop-orders\n',
    );
    expect(await data(['get', 'shop-orders', 'x'])).toMatchObject({
      code: 1,
      stderr: 'error shop-orders has no item with id="x"\n',
    });
    expect(await data(['delete', 'shop-orders', 'x'])).toMatchObject({ code: 1 });
  });

  test('several commands at once all do their work', async () => {
    const ids = ['a', 'b', 'c', 'd'];
    await Promise.all(ids.map((id) => out('put', 'shop-orders', '-e', `{"id":"${id}"}`)));
    expect(await linesOf('shop-orders', '--json')).toEqual(
      expect.arrayContaining(ids.map((id) => `{"id":"${id}"}`)),
    );
  });

  test.each([['jsonl'], ['csv'], ['dynamodb-json']])(
    'an export as %s is imported as it was',
    async (format) => {
      await out(
        'put',
        'shop-orders',
        '-e',
        '{"id":"2","text":"a,\\"b\\"\\nc","map":{"$map":{"$binary":"x"}},"digits":"12"}',
      );
      const before = await linesOf('shop-orders', '--json');
      const file = join(copy.root, `orders.${format}`);
      await out('export', 'shop-orders', '--format', format, '-o', file);
      expect(existsSync(`${file}.part`)).toBe(false);
      const { stdout } = await data(['export', 'shop-orders', '--format', format]);
      expect(stdout).toBe(readFileSync(file, 'utf8'));
      expect(stdout).toContain(DIGITS);
      await out('reset', 'shop-orders', '--yes');
      expect(await linesOf('shop-orders', '--json')).toEqual([FIRST]);
      expect(await out('import', 'shop-orders', file)).toBe('imported 2 items into shop-orders\n');
      // CSV knows no order of attributes.
      const parsed = (lines: readonly string[]) =>
        format === 'csv' ? lines.map((line) => JSON.parse(line)) : lines;
      expect(parsed(await linesOf('shop-orders', '--json'))).toEqual(parsed(before));
      const piped = await data(['import', 'shop-orders', '-'], { input: stdout });
      expect(piped).toMatchObject({ code: 0, stdout: 'imported 2 items into shop-orders\n' });
    },
  );

  test('every table is exported into a folder', async () => {
    await out('export', '--all', '-o', 'backup');
    expect(readdirSync(join(copy.root, 'backup')).sort()).toEqual(['shop-events.jsonl', 'shop-orders.jsonl']);
    expect(readFileSync(join(copy.root, 'backup/shop-orders.jsonl'), 'utf8')).toBe(`${FIRST}\n`);
  });

  test('a bad line of an import is told with its place, and nothing is written', async () => {
    writeFileSync(join(copy.root, 'bad.jsonl'), '{"id":"a"}\n{"id":"b",}\n');
    expect(await data(['import', 'shop-orders', 'bad.jsonl'])).toMatchObject({
      code: 2,
      stdout: '',
      stderr: 'error this is not JSON: expected a key in double quotes, found "}"\n  at bad.jsonl:2:11\n',
    });
    writeFileSync(join(copy.root, 'bad.csv'), 'id,n\na,1\n"",2\n');
    const { code, stderr } = await data(['import', 'shop-orders', 'bad.csv']);
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining('at bad.csv:3:1') });
    expect(await linesOf('shop-orders', '--json')).toEqual([FIRST]);
  });

  describe('edit', () => {
    const editor = (script: string): NodeJS.ProcessEnv => {
      const file = join(copy.root, 'editor.sh');
      writeFileSync(file, `#!/bin/sh\n${script}\n`);
      chmodSync(file, 0o755);
      // What could not be used is kept in the temporary folder.
      return { EDITOR: file, VISUAL: '', TMPDIR: copy.root };
    };
    const edit = (script: string, ...args: string[]) =>
      data(['edit', 'shop-orders', 'first', ...args], { env: editor(script) });

    test('what was changed is written, and every digit stays', async () => {
      const edited = await edit(`sed -i 's/"b"/"c"/; s/"photo"/"picture"/' "$1"`);
      expect(edited).toMatchObject({ code: 0, stdout: 'changed id="first" in shop-orders\n' });
      expect(await out('get', 'shop-orders', 'first', '--json')).toBe(
        `${FIRST.replace('"b"', '"c"').replace('photo', 'picture')}\n`,
      );
      expect(await edit('true')).toMatchObject({ code: 0, stdout: 'nothing changed\n' });
    });

    test('an item that changed meanwhile is not overwritten, and what was typed is kept', async () => {
      const meanwhile = `"${process.execPath}" "${join(process.cwd(), 'bin/sls-local.js')}" data put shop-orders -e '{"id":"first","total":1}'`;
      const { code, stderr } = await edit(`sed -i 's/"a"/"z"/' "$1"\n${meanwhile}`);
      expect(code).toBe(1);
      expect(stderr).toContain('the item with id="first" changed meanwhile; nothing was written');
      const kept = /-e (\S+)$/m.exec(stderr)?.[1] ?? '';
      expect(readFileSync(kept, 'utf8')).toContain('"z"');
      expect(await out('get', 'shop-orders', 'first', '--json')).toBe('{"id":"first","total":1}\n');
    });

    test('a mistake in the text and a changed key are refused', async () => {
      expect(await edit(`sed -i 's/"tags":/tags:/' "$1"`)).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('the edited item, line 4, column 3: this is not JSON'),
      });
      expect(await edit(`sed -i 's/"first"/"second"/' "$1"`)).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('"id" is part of the key'),
      });
      expect(await linesOf('shop-orders', '--json')).toEqual([FIRST]);
    });
  });

  test('seeds are put over what is there; a reset needs a yes', async () => {
    await out('put', 'shop-orders', '-e', '{"id":"other"}');
    await out('delete', 'shop-orders', 'first');
    expect(await out('seed', 'shop-orders')).toBe('seeded shop-orders with 1 item\n');
    expect(await linesOf('shop-orders', '--json')).toEqual([FIRST, '{"id":"other"}'].sort());
    expect(await data(['reset', 'shop-orders'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('reset removes 2 items of shop-orders, and nobody is here to ask'),
    });
    expect(await out('reset', 'shop-orders', '-y')).toBe('shop-orders: removed 2, seeded 1\n');
  });

  test('wrong names and values end with 2 and say what there is', async () => {
    expect(await data(['order'])).toMatchObject({
      code: 2,
      stderr:
        'error there is no table "order"; did you mean "shop-orders"?\n  hint there is: shop-events, shop-orders\n',
    });
    for (const [args, said] of [
      [
        ['get', 'shop-events', 'ann'],
        '"at" is not given; the key of shop-events is customer (text), at (number)',
      ],
      [
        ['put', 'shop-orders', '-e', '{"id":1}'],
        '"id" must be a text, found 1; the key of shop-orders is id (text)',
      ],
      [['put', 'shop-orders', '-e', '{"id":"1"'], 'line 1, column 10: this is not JSON'],
      [
        ['query', 'shop-events', '--hash', 'x', '--index', 'byKnd'],
        'has no index "byKnd"; did you mean "byKind"?',
      ],
      [['shop-events', '--filter', 'kind >'], '--filter: Invalid FilterExpression'],
      [['export'], 'export takes the name of a table, or --all'],
    ] as const) {
      const { code, stderr } = await data(args);
      expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining(said) });
    }
  });
});

describe('seeds in a session', () => {
  const closing: (() => unknown)[] = [];
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
  });

  test('a bad seed is a problem with its place; once mended the running session writes it', async () => {
    const copy = copyShop();
    closing.push(copy.remove);
    const file = join(copy.root, SEED_FILE);
    writeFileSync(file, SEEDS.replace('ann,2', 'ann,two'));
    expect(await runCli(['check'], { cwd: copy.root })).toMatchObject({
      code: 2,
      stdout: expect.stringContaining(
        'error seeds/events.csv:3:1 table shop-events is not seeded: "at" must be a number, found "two"',
      ),
    });

    const dev = await startDev(copy.root, ['--backend', 'process']);
    closing.push(() => dev.stop());
    expect(dev.events).toContainEqual(
      expect.objectContaining({
        type: 'problem',
        problem: expect.objectContaining({ code: 'bad-seed', place: { file, line: 3, column: 1 } }),
      }),
    );
    expect(dev.events).toContainEqual({
      type: 'notice',
      level: 'info',
      message: 'seeded shop-orders with 1 item',
    });

    writeFileSync(file, SEEDS);
    await dev.until(
      (event) => event.type === 'notice' && event.message === 'seeded shop-events with 3 items',
    );
    const { stdout } = await runCli(['data', 'shop-events', '--json'], { cwd: copy.root });
    expect(stdout.split('\n').filter(Boolean).sort()).toEqual(EVENTS);
  });
});
