import PostalMime from 'postal-mime';

/** A recipient whom a mail will not reach any more: why, by its status (RFC 3463) and in the words of the server that said so. */
export type Undelivered = { status: string | null; text: string };
/** `addressees`: whom the report itself was sent to. `undelivered` is empty where a mail is only late, or nothing is reported. */
export type DeliveryReport = { addressees: string[]; undelivered: Undelivered[] };

const addresseeHeaders = new Set(['to', 'delivered-to', 'x-original-to', 'envelope-to']);

/** Reads a mail as a report on the delivery of another (RFC 3464). Whatever else it is, there is nothing undelivered in it. */
export async function readDeliveryReport(message: Uint8Array): Promise<DeliveryReport> {
  const mail = await PostalMime.parse(message);
  const reports = mail.attachments.filter(({ mimeType }) => mimeType === 'message/delivery-status');
  return {
    addressees: mail.headers.filter(({ key }) => addresseeHeaders.has(key)).map(({ value }) => value),
    undelivered: reports.flatMap(({ content }) => recipientsOf(textOf(content))),
  };
}

function textOf(content: string | ArrayBuffer | Uint8Array): string {
  return typeof content === 'string' ? content : new TextDecoder().decode(content);
}

/** Fields of the report as a whole come first, then those of each recipient, with empty lines between. */
function recipientsOf(report: string): Undelivered[] {
  const groups = report.replaceAll('\r\n', '\n').split(/\n\s*\n/);
  return groups.flatMap((group) => {
    const fields = fieldsOf(group);
    if (fields.get('action')?.toLowerCase() !== 'failed') return [];
    const status = /^[245]\.\d{1,3}\.\d{1,3}/.exec(fields.get('status') ?? '')?.[0] ?? null;
    const said = (fields.get('diagnostic-code') ?? '').replace(/^[\w-]+\s*;\s*/, '');
    return [{ status, text: said || (status ?? '') }];
  });
}

function fieldsOf(group: string): Map<string, string> {
  const unfolded = group.replace(/\n[ \t]+/g, ' ');
  const fields = [...unfolded.matchAll(/^([\w-]+):[ \t]*(.*)$/gm)];
  return new Map(fields.map(([, name = '', value = '']) => [name.toLowerCase(), value.trim()]));
}
