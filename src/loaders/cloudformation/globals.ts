/** Merges SAM's `Globals` into the resources they are for, as the SAM transform does before anything is resolved. */
import { nearest } from '../fields.ts';
import type { Report } from '../problems.ts';
import { entryOf, isMap, listOf, mapOf, type PlaceOf, type Template, type Values } from './template.ts';

const sections: Readonly<Record<string, string>> = {
  'AWS::Serverless::Function': 'Function',
  'AWS::Serverless::Api': 'Api',
  'AWS::Serverless::HttpApi': 'HttpApi',
  'AWS::Serverless::WebSocketApi': 'WebSocketApi',
  'AWS::Serverless::SimpleTable': 'SimpleTable',
  'AWS::Serverless::StateMachine': 'StateMachine',
  'AWS::Serverless::LayerVersion': 'LayerVersion',
};

/** Sections that exist, but have nothing to merge here. */
const others = ['CapacityProvider'];

/** Says what of `Globals` has no effect. */
export function reportGlobals({ Globals: globals }: Template, place: PlaceOf, report: Report): void {
  if (globals === undefined) return;
  const names = [...Object.values(sections), ...others];
  const unknown = isMap(globals) ? Object.keys(globals).filter((name) => !names.includes(name)) : [];
  const found = isMap(globals)
    ? unknown.map((name) => ({
        path: ['Globals', name],
        message: `"${name}" is no section of Globals: it has no effect`,
        hint: nearest(name, names),
      }))
    : [
        {
          path: ['Globals'],
          message: 'Globals is no map: it has no effect',
          hint: 'write `Globals: { Function: … }`',
        },
      ];
  for (const { path, message, hint } of found)
    report({
      ...{ severity: 'warning', code: 'unknown-property', message, hint },
      ...{ place: place(path), subject: path.join('.') },
    });
}

/** The template with every global property written into each resource of its section. */
export function applyGlobals(template: Template): Template {
  const globals = mapOf(template.Globals);
  if (Object.keys(globals).length === 0) return template;
  const resources = Object.entries(mapOf(template.Resources)).map(([id, resource]) => {
    const section = isMap(resource) ? globals[entryOf(sections, String(resource.Type)) ?? ''] : undefined;
    if (!isMap(resource) || !isMap(section)) return [id, resource];
    const counting = withoutIgnored(section, resource.IgnoreGlobals);
    return [id, { ...resource, Properties: merge(counting, mapOf(resource.Properties)) }];
  });
  return { ...template, Resources: Object.fromEntries(resources) };
}

/** `IgnoreGlobals` of a resource: `*`, or the names of properties it takes no globals for. */
function withoutIgnored(section: Values, ignored: unknown): Values {
  const names = listOf(ignored);
  if (names.includes('*')) return {};
  return Object.fromEntries(Object.entries(section).filter(([key]) => !names.includes(key)));
}

/**
 * Maps merge, lists are put one after the other (the global one first), anything else the resource's own value wins.
 * An intrinsic function counts as one value. Source: "Globals section" of the SAM specification.
 */
export function merge(global: unknown, own: unknown): unknown {
  if (own === undefined) return global;
  if (Array.isArray(global) && Array.isArray(own)) return [...global, ...own];
  if (!isPlainMap(global) || !isPlainMap(own)) return own;
  const result: Record<string, unknown> = { ...global };
  for (const [key, value] of Object.entries(own)) result[key] = merge(global[key], value);
  return result;
}

function isPlainMap(value: unknown): value is Values {
  if (!isMap(value)) return false;
  const keys = Object.keys(value);
  return !(keys.length === 1 && /^(Ref|Condition|Fn::.+)$/.test(keys[0] ?? ''));
}
