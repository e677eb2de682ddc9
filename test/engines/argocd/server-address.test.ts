import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseServerAddress } from '../../../src/engines/argocd/server-address.ts';
import { ToolError } from '../../../src/errors.ts';

describe('the address of the server', () => {
  it.each([
    ['argocd.example.com', 'https://argocd.example.com'],
    ['argocd.example.com:8443', 'https://argocd.example.com:8443'],
    ['argocd.example.com/argocd/', 'https://argocd.example.com/argocd'],
    [' https://argocd.example.com/ ', 'https://argocd.example.com'],
    ['HTTPS://ArgoCD.example.com/tools/argocd', 'https://argocd.example.com/tools/argocd'],
    ['http://localhost:8080', 'http://localhost:8080'],
    ['http://127.0.0.1:8080/argocd', 'http://127.0.0.1:8080/argocd'],
    ['http://[::1]:8080', 'http://[::1]:8080'],
  ])('%s', (written, base) => expect(parseServerAddress(written)).toBe(base));

  it.each([
    '',
    'http://argocd.example.com',
    'http://127.0.0.1.example.com',
    'http://localhost@evil.example.com',
    'ftp://argocd.example.com',
    'https://user:secret@argocd.example.com',
    'https://argocd.example.com?x=1',
    'https://argocd.example.com/#top',
    'argocd example com',
    'https://',
  ])('refuses %j', (written) => expect(() => parseServerAddress(written)).toThrow(ToolError));

  it('never repeats a password that was written into it', () => {
    expect(() => parseServerAddress('https://ci:hunter2hunter2@argocd.example.com')).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('hunter2') }),
    );
  });

  it('gives https, loopback, or an error, whatever is written', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.webUrl()), (written) => {
        try {
          expect(parseServerAddress(written)).toMatch(/^(https:\/\/|http:\/\/(localhost|127\.|\[::1\])).*[^/]$/);
        } catch (error) {
          expect(error).toBeInstanceOf(ToolError);
        }
      }),
    );
  });
});
