import type { HttpResponse } from '../../host.ts';
import { record, text } from './json.ts';

/**
 * What an answer comes to.
 * - `refused`: the server understood and says no; asking again changes nothing.
 * - `again`: overloaded or down for now; `after` is the server's own wish in milliseconds.
 * - `unknown`: not what this API answers: a login page, a proxy's page, a body that was cut. Never taken for success.
 */
export type Answer =
  | { readonly kind: 'ok'; readonly value: unknown; readonly serverNow?: number }
  | { readonly kind: 'refused'; readonly status: number; readonly message: string }
  | { readonly kind: 'again'; readonly message: string; readonly after?: number }
  | { readonly kind: 'unknown'; readonly message: string };

/** Statuses at which a read is worth another try. */
const PASSING: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504]);

/** @param parse of a body; what it throws is nonsense of the server */
export function readAnswer(response: HttpResponse, parse: (body: Uint8Array) => unknown = parseWhole): Answer {
  const { status, headers } = response;
  if (PASSING.has(status)) {
    const after = retryAfter(headers);
    return { kind: 'again', message: `HTTP ${status}${said(response)}`, ...(after === undefined ? {} : { after }) };
  }
  if (status >= 300 && status < 400) {
    return { kind: 'unknown', message: `HTTP ${status}, a redirect to ${headers.location ?? 'nowhere'}` };
  }
  if (status >= 400) return refusal(response);
  if (status < 200) return { kind: 'unknown', message: `HTTP ${status}` };
  const value = parseJson(response, parse);
  if (value === undefined) return { kind: 'unknown', message: `HTTP ${status} with ${describe(response)}` };
  const serverNow = Date.parse(headers.date ?? '');
  return { kind: 'ok', value, ...(Number.isNaN(serverNow) ? {} : { serverNow }) };
}

/** A page of a proxy with a 4xx is no refusal by Argo CD, whose refusals are JSON, or one line of plain text. */
function refusal(response: HttpResponse): Answer {
  if (/html/i.test(response.headers['content-type'] ?? '')) {
    return { kind: 'unknown', message: `HTTP ${response.status} with ${describe(response)}` };
  }
  return { kind: 'refused', status: response.status, message: said(response).replace(/^: /, '') };
}

function parseWhole(body: Uint8Array): unknown {
  return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
}

function parseJson({ headers, body }: HttpResponse, parse = parseWhole): unknown {
  if (!/\bjson\b/i.test(headers['content-type'] ?? '')) return undefined;
  try {
    const value: unknown = parse(body);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/**
 * `error` is a text, or for streams and logs an object (https://github.com/grpc-ecosystem/grpc-gateway); of OAuth it is a code
 * beside its description (https://www.rfc-editor.org/rfc/rfc6749#section-5.2).
 */
function said(response: HttpResponse): string {
  const { error, error_description: description, message } = record(parseJson(response));
  const words = text(message) ?? text(description) ?? text(error) ?? text(record(error).message) ?? plainText(response);
  return words === undefined ? '' : `: ${words}`;
}

function plainText({ headers, body }: HttpResponse): string | undefined {
  if (!/^text\/plain/i.test(headers['content-type'] ?? '')) return undefined;
  return text(new TextDecoder().decode(body.subarray(0, 500)).trim());
}

function describe({ headers, body }: HttpResponse): string {
  const type = headers['content-type'] ?? 'no content type';
  return /json/i.test(type) ? `${body.length} bytes that are no JSON` : `${type} in place of JSON`;
}

/** Seconds or a date (https://www.rfc-editor.org/rfc/rfc9110#field.retry-after); a date is compared with the server's own clock. */
function retryAfter(headers: Readonly<Record<string, string>>): number | undefined {
  const value = headers['retry-after'];
  if (value === undefined) return undefined;
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  const milliseconds = Date.parse(value) - Date.parse(headers.date ?? '');
  return Number.isNaN(milliseconds) ? undefined : Math.max(0, milliseconds);
}
