import { afterAll, beforeAll, describe, inject } from 'vitest';
import { startTestSite, type TestSite } from '../site.ts';
import { testArchives } from './api/archives.ts';
import { testClient } from './api/client.ts';
import { testClientDownloads } from './api/client-downloads.ts';
import { testConduct } from './api/conduct.ts';
import { testData } from './api/data.ts';
import { testFacts } from './api/facts.ts';
import { testFuzz } from './api/fuzz.ts';
import { testQuickStart } from './api/quick-start.ts';
import { testRefusals } from './api/refusals.ts';
import { testSubmissions } from './api/submissions.ts';
import { testToolkit } from './api/toolkit.ts';
import { testUploads } from './api/uploads.ts';

/** The API from outside: real HTTP to the built server, one for all of it. */
let site: TestSite;
beforeAll(async () => {
  site = await startTestSite(inject('cluster'));
}, 60_000);
afterAll(() => site.stop());

describe('competitions and boards', () => testFacts(() => site));
describe('conduct', () => testConduct(() => site));
describe('data', () => testData(() => site));
describe('uploads', () => testUploads(() => site));
describe('refused uploads', () => testRefusals(() => site));
describe('submissions', () => testSubmissions(() => site));
describe('archives', () => testArchives(() => site));
describe('the toolkit', () => testToolkit(() => site));
describe('anything', () => testFuzz(() => site));
describe('the quick start', () => testQuickStart(() => site));
describe('the package for teams', () => testClient(() => site));
describe('downloads by the package for teams', () => testClientDownloads(() => site));
