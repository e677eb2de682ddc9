export interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Where a stream is written to. Nothing is sent before `open`, not even the headers. */
export interface Sink {
  open(contentType: string): void;
  write(bytes: Uint8Array): void;
  /** Aborted when the client has gone or the server closes. */
  readonly signal: AbortSignal;
}

export type Reply = Answer | { readonly stream: (sink: Sink) => Promise<void> };

const HTTP: Readonly<Record<number, readonly [status: number, text: string]>> = {
  3: [400, 'Bad Request'],
  5: [404, 'Not Found'],
  7: [403, 'Forbidden'],
  9: [400, 'Bad Request'],
  16: [401, 'Unauthorized'],
};

export function json(body: unknown, status = 200): Answer {
  return { status, contentType: 'application/json', body: JSON.stringify(body) };
}

export function plain(body: string, status: number): Answer {
  return { status, contentType: 'text/plain; charset=utf-8', body };
}

/** An error of a call: the numbers are gRPC's. https://github.com/grpc/grpc/blob/master/doc/statuscodes.md */
export function failure(code: number, message: string): Answer {
  return json({ error: message, code, message }, HTTP[code]?.[0] ?? 500);
}

/** The same of a call whose answer is a stream: another shape, from another part of the gateway. */
export function streamFailure(code: number, message: string): Answer {
  const [status, text] = HTTP[code] ?? [500, 'Internal Server Error'];
  return json({ error: { grpc_code: code, http_code: status, message, http_status: text } }, status);
}
