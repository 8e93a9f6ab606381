import { type Allowance, allowanceHeaders, createRequestCounter, requestLimits } from '#lib/api/limits.ts';
import { type RouteName, routes } from '#lib/api/routes.ts';
import { identify, visitor } from '#lib/auth.ts';
import { TooManyRequestsError } from '#lib/errors.ts';
import { type Call, handler } from '#lib/http.ts';

/** Next bundles routes apart, each with its own copy of this module: they count together. */
const shared = globalThis as typeof globalThis & { rostrumRequests?: ReturnType<typeof createRequestCounter> };

/** A route of lib/api/routes.ts: counts the request under its limit before anything else is done, and says what is left. */
export function declared<Params = unknown>(name: RouteName, answer: (call: Call<Params>) => Promise<Response>) {
  return async (request: Request, context: { params: Promise<Params> }): Promise<Response> => {
    let allowance: Allowance | null = null;
    const counted = handler<Params>(async (call) => {
      allowance = await spend(name, request);
      if (allowance !== null && allowance.left < 0) {
        throw new TooManyRequestsError('rate-limited', allowance.resetSeconds);
      }
      return answer(call);
    });
    const response = await counted(request, context);
    const headers = allowance === null ? {} : allowanceHeaders(allowance);
    for (const [header, value] of Object.entries(headers)) response.headers.set(header, value);
    return response;
  };
}

async function spend(name: RouteName, request: Request): Promise<Allowance | null> {
  const { limit, access } = routes[name];
  if (limit === null) return null;
  const { user, subject } =
    access === 'anyone' ? { user: null, subject: (await visitor()).network } : await identify(request);
  const { caller, network, ...how } = requestLimits[limit];
  const counted = user !== null && 'perPerson' in how ? user.id : subject;
  shared.rostrumRequests ??= createRequestCounter();
  return shared.rostrumRequests.spend(limit, user === null ? network : caller, counted, performance.now());
}
