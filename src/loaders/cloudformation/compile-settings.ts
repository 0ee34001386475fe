/** SAM's `Metadata.BuildMethod` of a function → how it is compiled. */
import type { BuildMethod, CompileSettings } from '../../model/project.ts';
import { mapOf, type TemplateResource, textOf } from './template.ts';

/** Those that compile. */
const METHODS: Readonly<Record<string, BuildMethod>> = {
  'go1.x': 'go',
  makefile: 'makefile',
  'rust-cargolambda': 'rust',
};

/** A Makefile's target is named for the logical id. */
export function compileSettings({ id, metadata }: TemplateResource): CompileSettings | undefined {
  const method = METHODS[textOf(metadata.BuildMethod) ?? ''];
  if (method === undefined) return undefined;
  const binary = textOf(mapOf(metadata.BuildProperties).Binary);
  return {
    method,
    ...(method === 'makefile' && { target: `build-${id}` }),
    ...(binary !== undefined && { binary }),
  };
}
