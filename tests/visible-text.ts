/** What of a document a browser without scripts shows: its texts, without what stands in scripts, templates and styles. */
export function visibleText(html: string): string {
  const [, body = ''] = /<body\b[^>]*>([\s\S]*)<\/body>/.exec(html) ?? [];
  return body
    .replace(/<(script|template|style)\b[\s\S]*?<\/\1>/g, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}
