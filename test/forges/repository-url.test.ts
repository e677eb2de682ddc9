import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  isLoopback,
  normaliseRepositoryUrl,
  normaliserBeside,
  parseRepositoryUrl,
} from '../../src/forges/repository-url.ts';

describe('normaliseRepositoryUrl', () => {
  it.each([
    'https://github.com/acme/config',
    'https://github.com/acme/config.git',
    'https://GitHub.com/acme/config.git/',
    'http://github.com:80/acme/config',
    'https://user:pass@github.com/acme/config.git',
    'https://x-access-token:a@b@github.com/acme/config',
    'ssh://git@github.com:22/acme/config.git',
    'ssh://git@github.com//acme/config.git',
    'git@github.com:acme/config.git',
    'git@github.com:/acme/config',
    'github.com:acme/config',
    '  https://github.com/acme/config  ',
  ])('%s', (url) => {
    expect(normaliseRepositoryUrl(url)).toBe('github.com/acme/config');
  });

  it('keeps the case of the path, a prefix, IPv6 and local paths', () => {
    expect(normaliseRepositoryUrl('https://host/git/Acme/Config')).toBe('host/git/Acme/Config');
    expect(normaliseRepositoryUrl('https://[::1]:3000/a/b.git')).toBe('[::1]/a/b');
    expect(normaliseRepositoryUrl('file:///srv/config.git')).toBe('/srv/config');
    expect(normaliseRepositoryUrl('/srv/config.git/')).toBe('/srv/config');
    expect(normaliseRepositoryUrl('')).toBe('');
  });

  it('never throws, and is settled after one pass for URLs', () => {
    fc.assert(fc.property(fc.string(), (text) => void normaliseRepositoryUrl(text)));
    const url = fc.webUrl({ validSchemes: ['https', 'ssh'] });
    fc.assert(
      fc.property(url, (text) =>
        expect(normaliseRepositoryUrl(`${text}.git`)).toBe(normaliseRepositoryUrl(text.replace(/\/+$/, ''))),
      ),
    );
  });
});

describe('normaliserBeside', () => {
  const known = 'https://git.example.com:8443/acme/config.git';

  it.each([
    ['https://git.example.com:8443/acme/config', 'git.example.com/acme/config'],
    ['https://jane:secret@Git.example.com:8443/acme/config/', 'git.example.com/acme/config'],
    ['https://git.example.com/acme/config', 'git.example.com:443/acme/config'],
    ['https://git.example.com:9443/acme/config.git', 'git.example.com:9443/acme/config'],
    ['ssh://git@git.example.com:2222/acme/config.git', 'git.example.com/acme/config'],
    ['git@git.example.com:acme/config.git', 'git.example.com/acme/config'],
    ['http://git.example.com:8080/acme/config', 'git.example.com/acme/config'],
    ['https://git.example.com:9443/acme/other', 'git.example.com/acme/other'],
    ['/srv/config.git', '/srv/config'],
  ])('tells %s apart where only the port differs', (url, name) => {
    expect(normaliserBeside(known)(url)).toBe(name);
  });

  it('tells IPv6 hosts apart too, and takes a default port for the same as none', () => {
    expect(normaliserBeside('http://[::1]:3000/a')('http://[::1]:3001/a')).toBe('[::1]:3001/a');
    expect(normaliserBeside('https://host.test/a')('https://host.test:443/a.git')).toBe('host.test/a');
    expect(normaliserBeside('ssh://git@host.test/a')('ssh://git@host.test:22/a')).toBe('host.test/a');
    expect(normaliserBeside('git@host.test:a')('ssh://git@host.test:2222/a')).toBe('host.test/a');
  });

  it('is the plain one where nothing is known, and always for the known address itself', () => {
    expect(normaliserBeside(undefined)).toBe(normaliseRepositoryUrl);
    expect(normaliserBeside('acme/config')).toBe(normaliseRepositoryUrl);
    fc.assert(
      fc.property(fc.webUrl({ validSchemes: ['https', 'http', 'ssh'] }), fc.string(), (url, other) => {
        expect(normaliserBeside(url)(url)).toBe(normaliseRepositoryUrl(url));
        normaliserBeside(url)(other);
        normaliserBeside(other)(url);
      }),
    );
  });
});

describe('parseRepositoryUrl', () => {
  it('takes credentials out of what Git is given', () => {
    expect(parseRepositoryUrl('https://jane:p%40ss@Host.test:8443/acme/config.git')).toEqual({
      kind: 'url',
      url: {
        protocol: 'https',
        host: 'host.test',
        port: '8443',
        path: '/acme/config.git',
        user: 'jane',
        password: 'p@ss',
        clean: 'https://host.test:8443/acme/config.git',
      },
    });
  });

  it.each([
    ['git@host.test:acme/config.git', 'git@host.test:acme/config.git'],
    ['git@host.test:/srv/config.git', 'ssh://git@host.test/srv/config.git'],
    ['ssh://git@host.test:22/~jane/config', 'ssh://git@host.test:22/~jane/config'],
    ['host.test:config', 'host.test:config'],
    ['file:///srv/config.git', 'file:///srv/config.git'],
    ['file://localhost/srv/config.git', 'file:///srv/config.git'],
    ['http://localhost:3000/a', 'http://localhost:3000/a'],
  ])('%s is given to Git as %s', (text, clean) => {
    expect(parseRepositoryUrl(text)).toMatchObject({ kind: 'url', url: { clean } });
  });

  it.each(['acme/config', './config', '/srv/config.git', 'C:\\config', 'C:/config', 'config', '../x:y'])(
    '%s is no URL',
    (text) => {
      expect(parseRepositoryUrl(text)).toEqual({ kind: 'other' });
    },
  );

  it.each(['https://0/acme/config', 'https://127.1/acme/config', 'ssh://git@0x7f.1/acme/config'])(
    '%s is refused: its host reads as another one',
    (text) => {
      expect(parseRepositoryUrl(text)).toMatchObject({ kind: 'refused', problem: expect.stringContaining('number') });
    },
  );

  it('whatever is accepted cannot be an option, names one host, and hides the password', () => {
    const piece = fc.oneof(
      fc.constantFrom('https://', 'ssh://', 'git@', 'host.test', ':', '/', '@', '-', '\\', '%40', '::', '#'),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const parsed = parseRepositoryUrl(pieces.join(''));
        if (parsed.kind !== 'url') return;
        const { clean, protocol, host, password } = parsed.url;
        expect(clean).toMatch(/^[a-z0-9[_/~]/i);
        expect(clean).not.toMatch(/[\p{C}\\]/u);
        if (protocol === 'https') expect(new URL(clean)).toMatchObject({ hostname: host, username: '', password: '' });
        if (password !== undefined && password.length > 3)
          expect(clean.slice(0, clean.indexOf(host))).not.toContain(password);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('isLoopback', () => {
  it.each([
    ['localhost', true],
    ['127.0.0.1', true],
    ['127.9.9.9', true],
    ['[::1]', true],
    ['localhost.evil.test', false],
    ['127.0.0.1.evil.test', false],
    ['10.0.0.1', false],
    ['[::2]', false],
  ])('%s: %s', (host, expected) => {
    expect(isLoopback(host)).toBe(expected);
  });
});
