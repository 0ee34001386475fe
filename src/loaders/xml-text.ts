/** Writes the XML documents that services keep for a resource, from what a project file says in its own words. */

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** An element with text in it; nothing where there is none. */
export function element(name: string, text: string | undefined): string {
  if (text === undefined) return '';
  return `<${name}>${text.replace(/[&<>"]/g, (character) => ENTITIES[character] ?? character)}</${name}>`;
}

/** An element with others in it; nothing where there are none. */
export function parent(name: string, ...content: readonly string[]): string {
  const joined = content.join('');
  return joined === '' ? '' : `<${name}>${joined}</${name}>`;
}
