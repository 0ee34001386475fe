import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { extensionsOf, fileOfExtension } from '../../../src/runtime/layer-extensions.ts';

function makeLayer(...extensions: string[]): string {
  const layer = mkdtempSync(join(tmpdir(), 'sls-local-layer-'));
  onTestFinished(() => rmSync(layer, { recursive: true }));
  mkdirSync(join(layer, 'extensions', 'a-folder'), { recursive: true });
  for (const name of extensions) writeFileSync(join(layer, 'extensions', name), '');
  return layer;
}

test('the programs of all layers are found by name, each once, and the later layer’s is the one that is run', () => {
  const layers = [makeLayer('metrics', 'agent'), makeLayer('agent')];
  expect(extensionsOf(layers)).toEqual(['agent', 'metrics']);
  expect(fileOfExtension(layers, 'agent')).toBe(join(layers[1] ?? '', 'extensions', 'agent'));
});

test('layers without extensions, and none at all, have none', () => {
  expect(extensionsOf([])).toEqual([]);
  expect(extensionsOf([makeLayer(), '/nowhere'])).toEqual([]);
});
