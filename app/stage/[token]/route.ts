import { openLink } from '../../evening-link.ts';

type Context = { params: Promise<{ token: string }> };

export async function GET(_request: Request, { params }: Context): Promise<Response> {
  return openLink((await params).token, 'stage', '/stage');
}
