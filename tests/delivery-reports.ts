export type ReportedRecipient = { action: string; status: string; diagnostic?: string };

/** A mail as mail servers send it about one that they could not deliver (RFC 3464). */
export function aDeliveryReport(to: string, recipients: readonly ReportedRecipient[]): Buffer {
  const groups = recipients.map(({ action, status, diagnostic }) => [
    'Final-Recipient: rfc822; anna@example.net',
    `Action: ${action}`,
    `Status: ${status}`,
    ...(diagnostic === undefined ? [] : [`Diagnostic-Code: ${diagnostic}`]),
    '',
  ]);
  const lines = [
    'Return-Path: <>',
    'From: MAILER-DAEMON@mx.example.net (Mail Delivery System)',
    `To: <${to}>`,
    'Subject: Undelivered Mail Returned to Sender',
    'Auto-Submitted: auto-replied',
    'MIME-Version: 1.0',
    'Content-Type: multipart/report; report-type=delivery-status; boundary="PART"',
    '',
    '--PART',
    'Content-Type: text/plain; charset=us-ascii',
    '',
    'I could not deliver your message.',
    '--PART',
    'Content-Type: message/delivery-status',
    '',
    'Reporting-MTA: dns; mx.example.net',
    'Arrival-Date: Mon, 30 Nov 2026 10:00:00 +0000',
    '',
    ...groups.flat(),
    '--PART',
    'Content-Type: message/rfc822',
    '',
    'From: rostrum@example.org',
    'To: anna@example.net',
    'Subject: Rostrum',
    '',
    'Action: failed',
    'Status: 5.1.1',
    '--PART--',
    '',
  ];
  return Buffer.from(lines.join('\r\n'));
}
