import { startTestCluster } from '../cluster.ts';
import { startTestStack } from '../stack.ts';

/** The built product, once for all browser tests; they find it by these variables. */
export default async function setup(): Promise<() => Promise<void>> {
  const { cluster, stop } = await startTestCluster();
  const stack = await startTestStack(cluster);
  process.env.ROSTRUM_TEST_CLUSTER = JSON.stringify(cluster);
  process.env.ROSTRUM_TEST_ORIGIN = stack.origin;
  process.env.ROSTRUM_TEST_SECRET = stack.secret;
  process.env.ROSTRUM_TEST_OWNER = JSON.stringify(stack.ownerEnvironment);
  return async () => {
    await stack.stop();
    await stop();
  };
}
