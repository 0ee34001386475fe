/** Finds resources that wait for each other, which CloudFormation refuses to deploy. */
import type { Report } from '../problems.ts';
import { dotted, entryOf, isMap, listOf, mapOf, type PlaceOf, type TemplateResource } from './template.ts';

/**
 * Properties a SAM transform moves to resources of their own, so that naming another resource in them makes the
 * function or API itself wait for nothing. Source: generated resources in the SAM specification.
 */
const movedElsewhere: Readonly<Record<string, readonly string[]>> = {
  'AWS::Serverless::Function': [
    'Events',
    'Policies',
    'EventInvokeConfig',
    'FunctionUrlConfig',
    'DeploymentPreference',
  ],
  'AWS::Serverless::StateMachine': ['Events', 'Policies'],
};

/** Reports each circle of resources once, at the first of them in the template. */
export function reportCircles(resources: readonly TemplateResource[], place: PlaceOf, report: Report): void {
  const needs = new Map(resources.map((resource) => [resource.id, needsOf(resource)]));
  const done = new Set<string>();
  const trail: string[] = [];

  for (const { id } of resources) visit(id);

  function visit(id: string): void {
    if (trail.includes(id)) reportCircle([...trail.slice(trail.indexOf(id)), id]);
    if (trail.includes(id) || done.has(id)) return;
    trail.push(id);
    for (const needed of needs.get(id) ?? []) if (needs.has(needed)) visit(needed);
    trail.pop();
    done.add(id);
  }

  function reportCircle(circle: readonly string[]): void {
    const path = ['Resources', circle[0] ?? ''];
    report({
      severity: 'error',
      code: 'circular-reference',
      message: `resources wait for each other: ${circle.join(' → ')}`,
      hint: 'take one of the references out: CloudFormation refuses to deploy such a circle',
      place: place(path),
      subject: dotted(path),
    });
  }
}

function needsOf(resource: TemplateResource): ReadonlySet<string> {
  // Becomes a dozen resources, whose data sources and resolvers are what names others.
  if (resource.type === 'AWS::Serverless::GraphQLApi') return new Set();
  const found = new Set(resource.dependsOn);
  const moved = entryOf(movedElsewhere, resource.type) ?? [];
  for (const [key, value] of Object.entries(resource.properties))
    if (!moved.includes(key)) collectReferences(value, found);
  return found;
}

function collectReferences(value: unknown, found: Set<string>): void {
  if (Array.isArray(value)) for (const item of value) collectReferences(item, found);
  if (!isMap(value)) return;
  for (const [key, argument] of Object.entries(value)) {
    if (key === 'Ref' && typeof argument === 'string') found.add(argument);
    else if (key === 'Fn::GetAtt') found.add(String(listOf(argument)[0]).split('.')[0] ?? '');
    else if (key === 'Fn::Sub') namesInText(argument, found);
    collectReferences(argument, found);
  }
}

function namesInText(argument: unknown, found: Set<string>): void {
  const [text, variables] = Array.isArray(argument) ? argument : [argument];
  if (typeof text !== 'string') return;
  for (const [, name = ''] of text.matchAll(/\$\{([^!}][^}]*)\}/g))
    if (!(name in mapOf(variables))) found.add(name.split('.')[0] ?? '');
}
