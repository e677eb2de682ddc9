import { spawnSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { ToolError } from '../../src/errors.ts';
import { nodeProcesses } from '../../src/host/processes.ts';

const NODE = process.execPath;
const options = { env: {}, timeout: 10_000 };
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

describe('a child process', () => {
  it('gets its arguments as they are, and no environment but the given one', async () => {
    const program = 'console.log(JSON.stringify([process.argv.slice(1), Object.keys(process.env).sort()]))';
    const args = ['-e', program, '--', '$(id)', '`id`', 'a b', '"', "'"];
    const result = await nodeProcesses.run(NODE, args, { ...options, env: { ONLY: 'this' } });
    const [argv, env] = JSON.parse(text(result.stdout));
    expect(argv).toEqual(['$(id)', '`id`', 'a b', '"', "'"]);
    expect(env).toEqual(['ONLY']);
  });

  it('reads its input and gives its exit code and stderr', async () => {
    const program =
      'process.stdin.on("data", (d) => process.stdout.write(d)); process.stdin.on("end", () => { console.error("sorry"); process.exitCode = 3 })';
    const result = await nodeProcesses.run(NODE, ['-e', program], { ...options, input: 'täxt' });
    expect({ ...result, stdout: text(result.stdout) }).toEqual({ exitCode: 3, stdout: 'täxt', stderr: 'sorry\n' });
  });

  it('that does not exist is missing, by name', async () => {
    await expect(nodeProcesses.run('no-such-program-here', [], options)).rejects.toMatchObject({
      code: 'missing',
      message: expect.stringContaining('no-such-program-here'),
    });
  });

  it('is ended with everything that it started when it takes too long', async () => {
    const marker = `drawbridge-test-${process.pid}-${Math.random()}`;
    const program = `require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)', ${JSON.stringify(marker)}]); setInterval(() => {}, 1000)`;
    await expect(nodeProcesses.run(NODE, ['-e', program], { ...options, timeout: 700 })).rejects.toMatchObject({
      code: 'deadline',
    });
    expect(spawnSync('pgrep', ['-f', marker]).stdout.toString()).toBe('');
  });

  it('is ended when the run is cancelled, and the reason comes through', async () => {
    const controller = new AbortController();
    const reason = new ToolError('interrupted', 'interrupted');
    const running = nodeProcesses.run(NODE, ['-e', 'setInterval(() => {}, 1000)'], {
      ...options,
      signal: controller.signal,
    });
    controller.abort(reason);
    await expect(running).rejects.toBe(reason);
  });

  it('is ended when it prints more than is wanted', async () => {
    const program = 'for (;;) require("node:fs").writeSync(1, "x".repeat(65536))';
    await expect(nodeProcesses.run(NODE, ['-e', program], { ...options, maxBytes: 1_000_000 })).rejects.toMatchObject({
      code: 'data',
    });
  });
});
