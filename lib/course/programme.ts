/*
 * What a course is about, lecture by lecture: pure parts of its programme.
 */

export type Material = { title: string; url: string };

const most = { materials: 20, title: 200, url: 500 };

/** What is wrong with a line of materials, 1-based. */
export type MaterialProblem = { line: number };

/**
 * Materials as they are typed: a line each, `title https://…`, or the address alone, which is then its title. Blank lines are skipped.
 */
export function readMaterials(
  text: string,
): { ok: true; materials: Material[] } | { ok: false; problem: MaterialProblem } {
  const materials: Material[] = [];
  for (const [i, whole] of text.split('\n').entries()) {
    const line = whole.trim();
    if (line === '') continue;
    const url = /\S+$/.exec(line)![0];
    const title = line.slice(0, line.length - url.length).trim() || url.replace(/^https?:\/\//i, '');
    const isFine = isWebAddress(url) && title.length <= most.title && materials.length < most.materials;
    if (!isFine) return { ok: false, problem: { line: i + 1 } };
    materials.push({ title, url });
  }
  return { ok: true, materials };
}

/** As `readMaterials` reads them again. */
export function writeMaterials(materials: readonly Material[]): string {
  return materials.map(({ title, url }) => `${title} ${url}`).join('\n');
}

/** Only what a click opens as a page: never `javascript:`. */
export function isWebAddress(text: string): boolean {
  return /^https?:\/\//i.test(text) && text.length <= most.url && URL.canParse(text);
}
