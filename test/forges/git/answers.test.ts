import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ToolError } from '../../../src/errors.ts';
import { failureOf, isUnknownObject, refusal } from '../../../src/forges/git/failure.ts';
import { parseObjects, parseReferences, parseTree } from '../../../src/forges/git/listing.ts';
import { parsePushAnswer } from '../../../src/forges/git/push-answer.ts';
import { oneLine, serverText } from '../../../src/forges/git/text.ts';

const MAIN = 'refs/heads/main';
const answer = (line: string, reference = MAIN) =>
  parsePushAnswer(`To host\n${line.replaceAll('|', '\t')}\nDone\n`, reference);

describe('what a push came to', () => {
  it.each([
    ' |abc:refs/heads/main|1..2',
    '=|abc:refs/heads/main|[up to date]',
    '*|abc:refs/heads/main|[new branch]',
    '+|abc:refs/heads/main|1...2 (forced update)',
    '-|:refs/heads/main|[deleted]',
  ])('accepted: %s', (line) => {
    expect(answer(line)).toEqual({ kind: 'accepted' });
  });

  it.each([
    ['[rejected] (stale info)', 'stale'],
    ['[rejected] (non-fast-forward)', 'stale'],
    ['[rejected] (fetch first)', 'stale'],
    ['[remote rejected] (incorrect old value provided)', 'stale'],
    ['[remote rejected] (failed to update ref)', 'stale'],
    ["[remote rejected] (cannot lock ref 'refs/heads/hook-protected': is at 1 but expected 2)", 'stale'],
    ['[remote rejected] (pre-receive hook declined)', 'refused'],
    ['[remote rejected] (protected branch hook declined)', 'refused'],
    ['[remote rejected] (push declined due to repository rule violations)', 'refused'],
    ['[remote rejected] (hook declined: cannot lock ref)', 'refused'],
    ['[remote rejected] (branch is currently checked out)', 'refused'],
    ['[remote failure] (remote failed to report status)', 'unknown'],
  ])('%s is %s', (summary, kind) => {
    expect(answer(`!|abc:refs/heads/main|${summary}`)).toMatchObject({ kind });
  });

  it('is unknown where the line is missing or about another branch', () => {
    expect(parsePushAnswer('', MAIN)).toEqual({ kind: 'unknown' });
    expect(answer(' |abc:refs/heads/main2|1..2')).toEqual({ kind: 'unknown' });
    expect(answer(' |abc:refs/heads/x/refs/heads/main|1..2')).toEqual({ kind: 'unknown' });
    fc.assert(fc.property(fc.string(), (text) => expect(parsePushAnswer(text, MAIN)).toEqual({ kind: 'unknown' })));
  });
});

describe('what a failure means', () => {
  it.each([
    ["fatal: could not read Username for 'https://host': terminal prompts disabled", 'denied'],
    ["fatal: unable to access 'https://host/x/': The requested URL returned error: 403", 'denied'],
    ['git@host: Permission denied (publickey).\nfatal: Could not read from remote repository.', 'denied'],
    ['Host key verification failed.\nfatal: Could not read from remote repository.', 'denied'],
    [
      "fatal: unable to access 'https://host/': SSL certificate problem: unable to get local issuer certificate",
      'denied',
    ],
    ["fatal: detected dubious ownership in repository at '/srv/x'", 'denied'],
    ['remote: Repository not found.\nfatal: repository not found', 'missing'],
    ["fatal: '/srv/x' does not appear to be a git repository", 'missing'],
    ["fatal: unable to access 'https://host/': The requested URL returned error: 301", 'missing'],
    ["fatal: transport 'ext' not allowed", 'input'],
    ["fatal: unable to access 'https://host/': Could not resolve host: host", 'temporary'],
    ["fatal: unable to access 'https://host/': The requested URL returned error: 503", 'temporary'],
    ["fatal: unable to access 'https://host/': The requested URL returned error: 429", 'temporary'],
    ['ssh: connect to host host port 22: Connection refused', 'temporary'],
    ['error: RPC failed; curl 18 transfer closed with outstanding read data remaining\nfatal: early EOF', 'temporary'],
    ['fatal: the remote end hung up unexpectedly', 'temporary'],
    ['fatal: write error: No space left on device', 'io'],
    ['something nobody has seen', 'protocol'],
    ['', 'protocol'],
  ])('%j is %s', (stderr, code) => {
    const failure = failureOf(stderr, 'host/x');
    expect(failure).toMatchObject({ code, hint: expect.any(String) });
    expect(failure.message).toContain('host/x');
  });

  it.each([
    'upload-pack: not our ref abc',
    'Server does not allow request for unadvertised object abc',
    "couldn't find remote ref abc",
  ])('unknown commit: %s', (text) => expect(isUnknownObject(`fatal: ${text}`)).toBe(true));
});

describe("a server's text", () => {
  it('loses colours, control and hidden characters, empty lines and what is not the server', () => {
    const stderr =
      'remote: \x1b[31mGH013\x1b[0m: rule\u202e violated\x07        \nremote: ======\nremote: \nnoise\rremote: - no\n';
    expect(serverText(stderr)).toBe('GH013: rule violated - no');
    expect(refusal('hook\ndeclined', stderr, 'main', 'host')).toMatchObject({
      code: 'denied',
      message: 'host refused the commit on branch main: hook declined. It says: GH013: rule violated - no',
    });
  });

  it('is one line of bounded length whatever it was', () => {
    const text = fc.string({ unit: 'binary', maxLength: 3_000 });
    fc.assert(
      fc.property(text, (said) => {
        for (const line of [oneLine(said), serverText(`remote: ${said}`)]) {
          expect(line).not.toMatch(/[\p{Cc}\p{Cf}\u2028\u2029]/u);
          expect(line.length).toBeLessThanOrEqual(601);
        }
      }),
    );
  });
});

describe("Git's listings", () => {
  it('are read whatever is in a path', () => {
    const path = fc
      .string({ unit: 'grapheme', minLength: 1 })
      .filter((text) => !text.includes('\0') && text.isWellFormed());
    fc.assert(
      fc.property(fc.array(path), (paths) => {
        const text = paths.map((name) => `100644 blob ${'a'.repeat(40)}\t${name}\0`).join('');
        expect(parseTree(Buffer.from(text)).map((entry) => entry.path)).toEqual(paths);
      }),
    );
  });

  it('are read whatever is in a file', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array()), (files) => {
        const id = (index: number) => index.toString(16).padStart(40, '0');
        const output = files.flatMap((bytes, index) => [
          Buffer.from(`${id(index)} blob ${bytes.length}\n`),
          bytes,
          Buffer.from('\n'),
        ]);
        const objects = parseObjects(Buffer.concat(output));
        for (const [index, bytes] of files.entries()) {
          expect(Buffer.from(objects.get(id(index)) ?? []).equals(bytes)).toBe(true);
        }
      }),
    );
  });

  it('that are cut or strange are an error, never a guess', () => {
    for (const text of ['100644 blob abc', '100644 blob abc\tpath', '\0']) {
      expect(() => parseTree(Buffer.from(text))).toThrow(ToolError);
    }
    for (const text of ['abc missing\n', 'abc blob 5\nabc', 'abc blob x\n\n', 'abc tree 0\n\n', 'abc']) {
      expect(() => parseObjects(Buffer.from(text))).toThrow(ToolError);
    }
  });

  it('references are taken by their whole name', () => {
    const id = 'a'.repeat(40);
    expect(
      parseReferences(Buffer.from(`ref: refs/heads/main\tHEAD\n${id}\tHEAD\n${id}\trefs/heads/main\nnoise\n`)),
    ).toEqual({
      head: 'refs/heads/main',
      revisions: new Map([
        ['HEAD', id],
        ['refs/heads/main', id],
      ]),
    });
  });
});
