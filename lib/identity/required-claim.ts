/** What a provider must say of everybody who comes in by it: `value` stands in the claim at `path`, or is it. */
export type RequiredClaim = { path: string; value: string };

/** `groups=students`, `realm_access.roles=student`, `https://uni.example/affiliation=member`; null for anything else. */
export function parseRequiredClaim(typed: string): RequiredClaim | null {
  const at = typed.indexOf('=');
  const path = typed.slice(0, at).trim();
  const value = typed.slice(at + 1).trim();
  return at < 1 || path === '' || value === '' ? null : { path, value };
}

/** Whether the claim is the value or a list that holds it. A name with dots is looked for as it is first, then step by step. */
export function holdsClaim(claims: Readonly<Record<string, unknown>>, { path, value }: RequiredClaim): boolean {
  const found = Object.hasOwn(claims, path) ? claims[path] : path.split('.').reduce(stepInto, claims);
  return (Array.isArray(found) ? found : [found]).some((item) => isScalar(item) && String(item) === value);
}

function stepInto(claims: unknown, name: string): unknown {
  return typeof claims === 'object' && claims !== null && Object.hasOwn(claims, name)
    ? (claims as Record<string, unknown>)[name]
    : undefined;
}

function isScalar(item: unknown): item is string | number | boolean {
  return ['string', 'number', 'boolean'].includes(typeof item);
}
