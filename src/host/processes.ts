import { type ChildProcess, spawn } from 'node:child_process';
import { ToolError } from '../errors.ts';
import type { Processes, ProcessOptions, ProcessResult } from '../host.ts';

const DEFAULT_MAX_BYTES = 64 * 1024 * 1024;
const STDERR_TAIL = 64 * 1024;
const KILL_AFTER = 2_000;

/**
 * Child processes on node:child_process. `@actions/exec` was tried: it keeps the child to itself, so that it can be
 * neither ended on cancel nor bounded in time, and a cancelled job would leave a `git push` behind.
 * A child leads its own process group, so that its helpers (git-remote-https, ssh) end with it.
 */
export const nodeProcesses: Processes = {
  run(program, args, options) {
    return new Promise((resolve, reject) => {
      if (options.signal?.aborted) return reject(options.signal.reason);
      const child = spawn(program, args, {
        cwd: options.workingDirectory,
        env: { ...options.env },
        stdio: ['pipe', 'pipe', 'pipe'],
        detached: process.platform !== 'win32',
        windowsHide: true,
      });
      supervise(child, program, options, resolve, reject);
    });
  },
};

function supervise(
  child: ChildProcess,
  program: string,
  options: ProcessOptions,
  resolve: (result: ProcessResult) => void,
  reject: (error: unknown) => void,
): void {
  const maxBytes = options.maxBytes ?? DEFAULT_MAX_BYTES;
  const stdout: Buffer[] = [];
  let size = 0;
  let stderr = '';
  let failure: unknown;
  let killTimer: NodeJS.Timeout | undefined;

  const end = (reason: unknown) => {
    failure ??= reason;
    endGroup(child, 'SIGTERM');
    killTimer ??= setTimeout(() => endGroup(child, 'SIGKILL'), KILL_AFTER);
  };
  const onAbort = () => end(options.signal?.reason);
  const timer = setTimeout(() => end(tooSlow(program, options.timeout)), options.timeout);
  options.signal?.addEventListener('abort', onAbort, { once: true });

  child.stdout?.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > maxBytes) end(tooMuch(program, maxBytes));
    else stdout.push(chunk);
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    stderr = (stderr + chunk.toString('utf8')).slice(-STDERR_TAIL);
  });
  child.on('error', (error: NodeJS.ErrnoException) => {
    failure ??= error.code === 'ENOENT' ? notFound(program, error) : error;
    settle(-1);
  });
  child.on('close', (code) => settle(code ?? -1));
  // A child that ends without reading its input breaks the pipe; its exit code tells more than EPIPE does.
  child.stdin?.on('error', () => {});
  child.stdin?.end(options.input ?? '');

  function settle(exitCode: number): void {
    clearTimeout(timer);
    clearTimeout(killTimer);
    options.signal?.removeEventListener('abort', onAbort);
    if (failure !== undefined) reject(failure);
    else resolve({ exitCode, stdout: Buffer.concat(stdout), stderr });
  }
}

function endGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(process.platform === 'win32' ? child.pid : -child.pid, signal);
  } catch {
    // Already gone.
  }
}

function notFound(program: string, cause: unknown): ToolError {
  return new ToolError('missing', `the program "${program}" was not found on PATH`, {
    hint: `Install ${program}, or run the job in an image that carries it.`,
    cause,
  });
}

function tooSlow(program: string, timeout: number): ToolError {
  return new ToolError('deadline', `${program} did not end within ${Math.round(timeout / 1000)} s and was ended`);
}

function tooMuch(program: string, maxBytes: number): ToolError {
  return new ToolError('data', `${program} printed more than ${maxBytes} bytes and was ended`);
}
