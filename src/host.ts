/**
 * Everything impure, passed in. Nothing outside `src/host/` reaches for the environment, the clock, randomness,
 * files, child processes or the network by itself; tests hand in their own Host.
 */
export interface Host {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute path that relative paths of inputs start from. */
  readonly workingDirectory: string;
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly files: Files;
  /** Reads a file that ships beside the program, such as the schema pack: `packs/kubernetes.pack`. */
  readonly asset: (name: string) => Promise<Uint8Array>;
  readonly processes: Processes;
  readonly http: Http;
  readonly log: Log;
  /** Aborted on SIGINT, SIGTERM, or when the caller gives up. `signal.reason` is a `ToolError` of code interrupted or terminated. */
  readonly signal: AbortSignal;
  /** The same machine, seen from another folder; relative to `workingDirectory`. */
  at(directory: string): Host;
}

export interface Clock {
  /** Wall clock, milliseconds since 1970. For people and for file contents, never for a duration. */
  now(): number;
  /** Milliseconds from an arbitrary start that never jump: deadlines and durations. */
  monotonic(): number;
  /** Resolves after `milliseconds`; rejects with the signal's reason when it is aborted. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

export interface FileStat {
  readonly kind: 'file' | 'directory' | 'symlink' | 'other';
  /** Bytes. */
  readonly size: number;
  readonly executable: boolean;
}

/** A file as it was when it was opened. */
export interface TakenFile extends FileStat {
  /** Undefined where it is no regular file, or is larger than was asked for. */
  readonly bytes: Uint8Array | undefined;
}

export interface DirectoryEntry {
  readonly name: string;
  readonly kind: FileStat['kind'];
}

/** Paths are absolute, or relative to `Host.workingDirectory`. Missing files are `undefined`; all else is a ToolError `io`. */
export interface Files {
  stat(path: string): Promise<FileStat | undefined>;
  read(path: string): Promise<Uint8Array | undefined>;
  /** As `stat` and `read` in one go, of a file that has at most so many bytes. A symbolic link is not followed. */
  take(path: string, mostBytes: number): Promise<TakenFile | undefined>;
  /** Unsorted entries; undefined where there is no such directory. Symbolic links are not followed. */
  list(path: string): Promise<readonly DirectoryEntry[] | undefined>;
  /** Writes to a temporary file beside it, then renames: the old content or the new, never half of it. */
  write(path: string, content: string | Uint8Array): Promise<void>;
  append(path: string, content: string): Promise<void>;
  /** A new empty folder that only this user can read, deleted by `removeTemporary` and at the end of the process. */
  makeTemporary(prefix: string): Promise<string>;
  removeTemporary(path: string): Promise<void>;
  /** Leaves a temporary folder to the user. */
  keepTemporary(path: string): void;
  /** Bytes of standard input, at most `maxBytes` (more is a ToolError `data`). */
  readStandardInput(maxBytes: number): Promise<Uint8Array>;
}

export interface ProcessOptions {
  readonly workingDirectory?: string;
  /** The whole environment of the child: nothing is inherited but what is named here. */
  readonly env: Readonly<Record<string, string>>;
  readonly input?: string | Uint8Array;
  /** Milliseconds until the child is ended; then `ToolError` deadline. */
  readonly timeout: number;
  /** Cap on stdout; more is a ToolError `data`. Default 64 MiB. stderr keeps its last 64 KiB. */
  readonly maxBytes?: number;
  readonly signal?: AbortSignal;
}

export interface ProcessResult {
  readonly exitCode: number;
  readonly stdout: Uint8Array;
  readonly stderr: string;
}

export interface Processes {
  /**
   * Runs a program with a fixed argument vector, never through a shell. Resolves whatever the exit code is.
   * @throws ToolError missing (no such program), deadline, data (output over the cap), or the signal's reason.
   */
  run(program: string, args: readonly string[], options: ProcessOptions): Promise<ProcessResult>;
}

export interface TlsOptions {
  /** PEM; added to the system's roots. */
  readonly ca?: string;
  /** Nothing but `ca` is trusted. */
  readonly onlyCa?: boolean;
  readonly certificate?: string;
  readonly key?: string;
  readonly serverName?: string;
}

export interface HttpRequest extends TlsOptions {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: string;
  /** Several values are several lines of the same name. */
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string | Uint8Array;
  /** URL of an HTTP proxy, used for this machine too. Not given: HTTPS_PROXY, HTTP_PROXY, NO_PROXY of the environment. */
  readonly proxy?: string;
  /** Milliseconds for the whole exchange (`send`), or until the headers (`open`). Default 30,000. */
  readonly timeout?: number;
  /** Cap on the answer's body. Default 32 MiB; more is a ToolError `protocol`. */
  readonly maxBytes?: number;
  readonly signal?: AbortSignal;
}

export interface HttpResponse {
  readonly status: number;
  /** Names in lower case; several values joined by ", ". */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

export interface HttpStream {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Ends when the server ends it; throws ToolError `temporary` when the connection breaks. */
  readonly chunks: AsyncIterable<Uint8Array>;
  close(): void;
}

/**
 * One transport for every HTTP call. It never retries, never follows a redirect (the caller decides, and a token never
 * travels to another origin), and refuses to send anything to a plain `http:` URL off loopback.
 */
export interface Http {
  /** @throws ToolError temporary (connection failed or cut, timeout), denied (certificate), protocol (body over the cap), input (URL) */
  send(request: HttpRequest): Promise<HttpResponse>;
  /** As `send`, with the body as it comes. */
  open(request: HttpRequest): Promise<HttpStream>;
}

export type LogLevel = 'debug' | 'info' | 'warning' | 'error';

/** Lines below the log that are drawn anew in place. They pass the redactor; making them safe is up to whoever draws. */
export interface LiveLines {
  size(): { readonly columns: number; readonly rows: number };
  /** In the place of those that were drawn before; none takes them away. */
  draw(lines: readonly string[]): void;
  /** What is drawn stays, and the log goes on below it. */
  release(): void;
}

/** Where people read along: stderr, or the CI system's log. Every line passes the redactor and the foreign-text guard. */
export interface Log {
  /** Only where people read along on a terminal that can draw in place. */
  readonly live?: LiveLines;
  debug(message: string): void;
  info(message: string): void;
  warning(message: string): void;
  error(message: string): void;
  /** A collapsible group where the CI system has such a thing, else a heading. */
  group<T>(title: string, body: () => Promise<T>): Promise<T>;
  /** From now on this value never appears in any output, in any encoding. Values under 8 characters are refused with ToolError `input`. */
  secret(value: string): void;
}
