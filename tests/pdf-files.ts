/** A PDF of one empty page, whole: header, objects, cross-reference table and trailer. */
export function aPdf(given: { filler?: number; trailer?: string; after?: string } = {}): Buffer {
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 720 405] >>',
    `<< /Length ${given.filler ?? 0} >>\nstream\n${'x'.repeat(given.filler ?? 0)}\nendstream`,
  ];
  let text = '%PDF-1.7\n%\xe2\xe3\xcf\xd3\n';
  const places = objects.map((object, i) => {
    const place = text.length;
    text += `${i + 1} 0 obj\n${object}\nendobj\n`;
    return place;
  });
  const table = text.length;
  text += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n`;
  for (const place of places) text += `${String(place).padStart(10, '0')} 00000 n \n`;
  text += `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R ${given.trailer ?? ''} >>\nstartxref\n${table}\n%%EOF\n`;
  return Buffer.from(text + (given.after ?? ''), 'latin1');
}
