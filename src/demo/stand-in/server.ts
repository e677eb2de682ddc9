import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ToolError } from '../../errors.ts';
import type { Host } from '../../host.ts';
import { type Account, authenticate, nameOf } from './accounts.ts';
import type { Answer, Reply, Sink } from './answers.ts';
import type { Context } from './context.ts';
import { type Controller, startController } from './controller.ts';
import { differences, type Expectation, type LedgerEntry } from './ledger.ts';
import { answer } from './routes.ts';
import { readSource } from './source.ts';
import { initialState } from './state.ts';
import { steadyNow } from './times.ts';
import type { ApplicationDefinition, ApplicationState, Rollout } from './types.ts';

export interface StandInOptions {
  readonly host: Pick<Host, 'clock' | 'processes' | 'env' | 'random'>;
  /** Folder of the bare repository that is read: a push to it is what makes the applications move. */
  readonly repository: string;
  readonly applications: readonly ApplicationDefinition[];
  readonly rollout?: Partial<Rollout>;
  /** Milliseconds between two looks that nobody asked for. Default 120,000. */
  readonly polling?: number;
  /** Token of the account `ci` with the rights `get` and `logs`. Default: a random one. */
  readonly token?: string;
  /** More accounts. */
  readonly accounts?: readonly Account[];
}

export interface StandIn {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  readonly token: string;
  /** Every request since the start, in the order of arrival. */
  ledger(): readonly LedgerEntry[];
  /** One sentence for each request that was not expected and each expectation that was not met. */
  differences(expectations: readonly Expectation[]): readonly string[];
  /** The state behind an application; undefined where there is none of that name. */
  state(name: string): ApplicationState | undefined;
  /**
   * Resolves when the state of an application meets a condition, at once if it does already.
   * @throws ToolError input where there is no application of that name
   */
  until(name: string, condition: (state: ApplicationState) => boolean): Promise<ApplicationState>;
  /** Changes the Application itself, as its owner would: auto-sync off, a window closed. */
  edit(name: string, changes: Partial<ApplicationDefinition>): void;
  /** Ends all connections and everything that runs. */
  close(): Promise<void>;
}

/**
 * Starts the stand-in for Argo CD on a free port of 127.0.0.1. It plays one thing only: what an API client sees while
 * commits of a real repository are deployed. Every answer has the header `X-Drawbridge-Stand-In`, and the version says it too.
 */
export async function startArgoCdStandIn(options: StandInOptions): Promise<StandIn> {
  const { host } = options;
  const token = options.token ?? randomToken(host.random);
  const closing = new AbortController();
  const now = steadyNow(host.clock);
  let version = 1000;
  const nextVersion = () => ++version;
  const controllers = new Map(
    options.applications.map((application) => [
      application.name,
      controllerOf(options, application, nextVersion, now, closing.signal),
    ]),
  );
  const accounts: readonly Account[] = [{ token }, ...(options.accounts ?? [])];
  const context: Context = { host, now, repository: options.repository, accounts, controllers, version: () => version };
  const ledger: LedgerEntry[] = [];
  const server = createServer(
    (request, response) =>
      void serve(context, ledger, request, response).catch((error: unknown) => failed(response, error)),
  );
  const port = await listen(server);
  return {
    url: `http://127.0.0.1:${port}`,
    token,
    ledger: () => [...ledger],
    differences: (expectations) => differences(expectations, ledger),
    state: (name) => controllers.get(name)?.state(),
    until: (name, condition) => until(controllers.get(name), name, condition),
    edit: (name, changes) => controllers.get(name)?.send({ kind: 'edit', changes }),
    close: () => close(server, closing, [...controllers.values()]),
  };
}

async function until(
  controller: Controller | undefined,
  name: string,
  condition: (state: ApplicationState) => boolean,
): Promise<ApplicationState> {
  if (controller === undefined) throw new ToolError('input', `the stand-in has no application ${name}`);
  if (condition(controller.state())) return controller.state();
  return new Promise((resolve) => {
    const stop = controller.subscribe((_, state) => {
      if (!condition(state)) return;
      stop();
      resolve(state);
    });
  });
}

function controllerOf(
  { host, repository, rollout, polling }: StandInOptions,
  definition: ApplicationDefinition,
  nextVersion: () => number,
  now: () => number,
  signal: AbortSignal,
): Controller {
  const initial = initialState(definition, repository, rollout ?? {}, now());
  return startController({
    clock: host.clock,
    now,
    initial,
    read: (application, revision) => readSource(host, repository, application, revision),
    nextVersion,
    polling: polling ?? 120_000,
    signal,
  });
}

function randomToken(random: () => number): string {
  return `stand-in-${Array.from({ length: 32 }, () => Math.floor(random() * 16).toString(16)).join('')}`;
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) => reject(new ToolError('io', 'the stand-in cannot listen on 127.0.0.1', { cause })));
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

async function close(server: Server, closing: AbortController, controllers: readonly Controller[]): Promise<void> {
  closing.abort();
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  await Promise.all([closed, ...controllers.map((controller) => controller.ended())]);
}

async function serve(
  context: Context,
  ledger: LedgerEntry[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { method = 'GET', url: target = '/' } = request;
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
  const account = authenticate(context.accounts, headers);
  const by = typeof account === 'string' ? {} : { username: nameOf(account) };
  const index = ledger.push({ at: context.now(), method, target, ...by }) - 1;
  const answered = (status: number) => {
    const entry = ledger[index];
    if (entry !== undefined) ledger[index] = { ...entry, status };
  };
  const { pathname, searchParams } = new URL(target, 'http://stand-in');
  const call = { method, path: pathname, query: searchParams, headers, body: await bodyOf(request) };
  respond(await answer(context, call), context, response, answered);
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

function respond(reply: Reply, context: Context, response: ServerResponse, answered: (status: number) => void): void {
  response.setHeader('date', new Date(context.now()).toUTCString());
  response.setHeader('x-drawbridge-stand-in', 'true');
  if ('stream' in reply) stream(reply.stream, response, answered);
  else answerAtOnce(reply, response, answered);
}

function answerAtOnce(reply: Answer, response: ServerResponse, answered: (status: number) => void): void {
  answered(reply.status);
  response.writeHead(reply.status, headersOf(reply)).end(reply.body);
}

function failed(response: ServerResponse, error: unknown): void {
  if (response.headersSent || response.destroyed) response.destroy();
  else response.writeHead(500, { 'x-drawbridge-stand-in': 'true' }).end(`the stand-in failed: ${String(error)}\n`);
}

function headersOf(reply: Answer): Record<string, string> {
  const { headers, contentType, status } = reply;
  const gateway =
    status === 200 && contentType === 'application/json' ? { 'grpc-metadata-content-type': 'application/grpc' } : {};
  return { 'content-type': contentType, ...gateway, ...headers };
}

// Each piece is written when the one before has left, so that they do not run together again on their way.
function stream(
  run: (sink: Sink) => Promise<void>,
  response: ServerResponse,
  answered: (status: number) => void,
): void {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  let written: Promise<unknown> = Promise.resolve();
  const sink: Sink = {
    signal: gone.signal,
    open: (contentType) => {
      answered(200);
      response.writeHead(200, { 'content-type': contentType, 'grpc-metadata-content-type': 'application/grpc' });
      response.flushHeaders();
    },
    write: (bytes) => {
      written = written.then(() =>
        gone.signal.aborted ? undefined : new Promise((resolve) => response.write(bytes, resolve)),
      );
    },
  };
  void run(sink).finally(() => response.destroy());
}
