import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { fastClock } from './stand-in-clocks.ts';
import {
  type Answered,
  type As,
  applicationsIn,
  endsWith,
  follow,
  type Lab,
  manifest,
  openLab,
} from './stand-in-lab.ts';
import { linesOf, readRecording, recordedTest, streamed } from './stand-in-recordings.ts';
import { shapeOf, strangeKeys } from './stand-in-shapes.ts';

/** A question to a real Argo CD 3.5, and its answer. */
interface Exchange {
  readonly what: string;
  readonly as?: As;
  readonly method: string;
  readonly path: string;
  readonly request?: unknown;
  readonly sent?: Readonly<Record<string, string>>;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

const STREAM = '/api/v1/stream/applications?name=happy&project=shop';

// Outside what the stand-in plays.
const NOT_PLAYED = /^(settings|login, right|manifests|live resource|gzip asked for)$/;
// The path names a commit or a pod of the recorded cluster.
const OF_THAT_CLUSTER = /^(revision metadata|events of a pod|logs of|previous logs|sync again at once)/;

let lab: Lab;
beforeAll(async () => {
  lab = await openLab(fastClock(25));
  const stream = follow(lab.standIn, STREAM);
  await stream.until((text) => endsWith(text, 'Healthy', lab.repository.head()));
  const pushed = lab.repository.commit({ 'deploy/web.yaml': manifest('registry.example/shop/web:1.1.0') });
  await lab.ask('GET', '/api/v1/applications/happy?project=shop&refresh=normal', 'ci');
  await stream.until((text) => endsWith(text, 'Healthy', pushed));
  stream.close();
});
afterAll(() => lab.close());

function askAgain({ method, path, as, sent, request, what }: Exchange): Promise<Answered> {
  const body = what === 'sync, broken JSON' ? '{"project": ' : request === undefined ? '' : JSON.stringify(request);
  return lab.ask(method, path, as, { body, headers: { ...sent } });
}

/** No operation is under way, as it was when the next question of the recordings was asked. */
async function idle(): Promise<void> {
  if (lab.standIn.state('happy')?.operation === undefined) return;
  const stream = follow(lab.standIn, STREAM);
  await stream.until(() => lab.standIn.state('happy')?.operation === undefined);
  stream.close();
}

/** Without what is another every time: when a token was issued. */
function steady(body: unknown): unknown {
  return JSON.parse(JSON.stringify(body ?? null).replace(/iat: [-0-9T:Z]+/g, 'iat: then'));
}

function parsed({ text, headers }: Answered): unknown {
  return headers['content-type'] === 'application/json' ? JSON.parse(text) : text;
}

describe('questions that a real Argo CD was asked get the same answer', () => {
  for (const file of ['rights', 'writing', 'details']) {
    recordedTest(`http/${file}.ndjson`, `3.5/http/${file}.ndjson`, async (path) => {
      const exchanges = linesOf<Exchange>(path).filter(
        ({ what }) => !NOT_PLAYED.test(what) && !OF_THAT_CLUSTER.test(what),
      );
      const real = realApplications(path);
      expect(exchanges.length).toBeGreaterThan(8);
      for (const exchange of exchanges) {
        const answer = await askAgain(exchange);
        await idle();
        const label = `${exchange.as ?? 'nobody'}: ${exchange.what}`;
        expect([label, answer.status, answer.headers['content-type']]).toEqual([
          label,
          exchange.status,
          exchange.headers['content-type'] ?? answer.headers['content-type'],
        ]);
        if (exchange.status !== 200) expect([label, steady(parsed(answer))]).toEqual([label, steady(exchange.body)]);
        else if (!exchange.what.startsWith('list'))
          expect([label, strangeIn(exchange, answer, real)]).toEqual([label, []]);
      }
    });
  }

  recordedTest('logs without the right, and with it', '3.5/http/details.ndjson', async (path) => {
    const exchanges = linesOf<Exchange>(path).filter(({ what }) => what === 'logs of a Deployment');
    expect(exchanges.map(({ as }) => as)).toEqual(['gate', 'deployer']);
    for (const exchange of exchanges) {
      const answer = await askAgain(exchange);
      expect(answer.status).toBe(exchange.status);
      if (exchange.status === 200) expect(answer.text.split('\n').at(-2)).toContain('"last":true');
      else expect(steady(parsed(answer))).toEqual(steady(exchange.body));
    }
  });
});

// An Application may also have what any recorded one has: it is at another moment of its life.
function strangeIn(exchange: Exchange, answer: Answered, real: readonly unknown[]): readonly string[] {
  const isApplication = typeof exchange.body === 'object' && exchange.body !== null && 'spec' in exchange.body;
  const theirs = shapeOf([exchange.body, ...(isApplication ? real : [])]);
  return strangeKeys(shapeOf([parsed(answer)]), theirs);
}

/** Every Application of the recordings that the stand-in can play, of 3.5 and of 3.2. */
function realApplications(path: string): readonly unknown[] {
  const root = path.slice(0, path.lastIndexOf('3.5/'));
  const names = ['happy', 'bad-image', 'manual', 'comparison-error', 'sync-failed', 'no-op'];
  const files = names.flatMap((name) => [`${root}3.5/${name}.ndjson`, `${root}${name}.ndjson`]);
  const streams = files.flatMap((file) => streamed(readRecording(file)).map(({ application }) => application));
  const detailFiles = ['3.5/http', 'http'].map((folder) => `${root}${folder}/details.ndjson`);
  const details = detailFiles
    .flatMap((file) => linesOf<Exchange>(file))
    .filter(({ what }) => what.startsWith('refresh='));
  return [...streams, ...details.map(({ body }) => body)];
}

describe('Applications', () => {
  recordedTest('have no key that the real ones lack, and none of another type', '3.5/happy.ndjson', async (path) => {
    const real = shapeOf(realApplications(path));
    const stream = follow(lab.standIn, STREAM);
    for (const content of ['registry.example/shop/web:4-bad', 'broken: [', 'registry.example/shop/web:5']) {
      const pushed = lab.repository.commit({ 'deploy/web.yaml': content.endsWith('[') ? content : manifest(content) });
      for (const _ of [1, 2]) await lab.ask('GET', '/api/v1/applications/happy?project=shop&refresh=normal', 'ci');
      const goal = content.endsWith('bad') ? 'Degraded' : 'Healthy';
      await stream.until((text) => endsWith(text, goal, pushed) || text.slice(-4000).includes('ComparisonError'));
    }
    stream.close();
    const ours = applicationsIn(stream.text()).map(({ application }) => application);
    expect(ours.length).toBeGreaterThan(20);
    expect(strangeKeys(shapeOf(ours), real)).toEqual([]);
  });

  recordedTest('lack no key that every real one has once it was deployed', '3.5/happy.ndjson', async (path) => {
    const isDeployed = (application: unknown) => /"phase":"Succeeded"/.test(JSON.stringify(application));
    const deployed = realApplications(path)
      .filter(isDeployed)
      .map((application) => shapeOf([application]));
    const always = [...(deployed[0]?.keys() ?? [])].filter((key) => deployed.every((shape) => shape.has(key)));
    expect(always.length).toBeGreaterThan(50);
    const ours = shapeOf([JSON.parse((await lab.ask('GET', '/api/v1/applications/happy?project=shop', 'ci')).text)]);
    // The recorded Applications asked for CreateNamespace; ours do not.
    expect(always.filter((key) => !ours.has(key) && !key.includes('syncOptions'))).toEqual([]);
  });
});
