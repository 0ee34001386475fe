/** The provider's public base images, by runtime. */

const REGISTRY = 'public.ecr.aws/lambda';

/** `nodejs22.x` → `public.ecr.aws/lambda/nodejs:22`; undefined for a runtime that has none. */
export function publicImageOf(runtime: string): string | undefined {
  const parts = /^(nodejs|python|java|dotnet|ruby|provided)\.?([\da-z.]+?)(?:\.x)?$/.exec(runtime);
  const [, family, version] = parts ?? [];
  return family && version ? `${REGISTRY}/${family}:${version}` : undefined;
}
