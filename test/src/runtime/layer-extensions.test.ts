import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { DevEvent } from '../../../src/model/events.ts';
import { makeExtensionsNotice } from '../../../src/runtime/layer-extensions.ts';
import { makeFunction } from '../../emulators/world.ts';

function makeLayer(...extensions: string[]): string {
  const layer = mkdtempSync(join(tmpdir(), 'sls-local-layer-'));
  onTestFinished(() => rmSync(layer, { recursive: true }));
  mkdirSync(join(layer, 'extensions', 'a-folder'), { recursive: true });
  for (const name of extensions) writeFileSync(join(layer, 'extensions', name), '');
  return layer;
}

test('extensions in layers are named once for a function, and again when they are others', () => {
  const messages: string[] = [];
  const tell = makeExtensionsNotice((event: DevEvent) => {
    if (event.type === 'notice') messages.push(event.message);
  });
  const layers = [makeLayer('metrics', 'agent'), makeLayer('agent')];
  tell(makeFunction({ layers }));
  tell(makeFunction({ layers }));
  expect(messages).toEqual([expect.stringContaining('worker: its layers bring extensions (agent, metrics)')]);
  tell(makeFunction({ layers: [makeLayer('other')] }));
  expect(messages[1]).toContain('(other)');
});

test('layers without extensions, and none at all, are nothing to tell', () => {
  const tell = makeExtensionsNotice(() => {
    throw new Error('told');
  });
  tell(makeFunction());
  tell(makeFunction({ layers: [makeLayer(), '/nowhere'] }));
});
