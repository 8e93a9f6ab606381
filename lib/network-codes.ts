/** Node's codes of a connection that was refused, broke or never came about: what was asked may have been done, or not. */
export const brokenNetworkCodes: readonly string[] = [
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EAI_AGAIN',
];
