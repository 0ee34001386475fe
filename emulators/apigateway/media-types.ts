/** Which bodies are text and which travel as base64, for each kind of API. */

/** `Application/JSON; charset=utf-8` → `application/json`. */
export function mediaTypeOf(contentType: string | undefined): string {
  if (contentType === undefined) return '';
  const end = contentType.indexOf(';');
  return (end < 0 ? contentType : contentType.slice(0, end)).trim().toLowerCase();
}

const HTTP_API_TEXT = new Set(['application/json', 'application/xml', 'application/javascript']);

/**
 * HTTP APIs pass only these as text; all else, form data and bodies without a type included, is base64
 * (measured: ministackorg/ministack#766).
 */
export function isHttpApiText(mediaType: string): boolean {
  return HTTP_API_TEXT.has(mediaType) || mediaType.startsWith('text/');
}

/** Function URLs go by words in the type: `application/problem+json` is text there. */
export function isFunctionUrlText(mediaType: string): boolean {
  return /text|json|xml|javascript/.test(mediaType);
}

/** Compiles `binaryMediaTypes` of a REST API; `~1` is how CloudFormation spells the slash. */
export function compileMediaTypes(patterns: readonly string[]): (mediaType: string) => boolean {
  if (patterns.length === 0) return () => false;
  const wanted = patterns.map((pattern) => pattern.replaceAll('~1', '/').toLowerCase());
  if (wanted.includes('*/*')) return () => true;
  return (mediaType) =>
    wanted.some((pattern) =>
      pattern.endsWith('/*') ? mediaType.startsWith(pattern.slice(0, -1)) : mediaType === pattern,
    );
}
