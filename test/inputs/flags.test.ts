import { describe, expect, it } from '@jest/globals';
import { parseFlags, readCommandName } from '../../src/inputs/flags.ts';

const NOTHING = { flags: {}, positionals: [], problems: [], help: false, version: false };

describe('parseFlags', () => {
  it('takes both ways to write a value, and collects repeated flags', () => {
    expect(parseFlags(['bump', '--images', 'a:1', '--images=b:2', '--strategy=dry-run'])).toEqual({
      ...NOTHING,
      command: 'bump',
      flags: { images: ['a:1', 'b:2'], strategy: 'dry-run' },
    });
  });

  it('reads a bare boolean as true and leaves the next argument alone', () => {
    expect(parseFlags(['validate', '--strict=false', '--allow-empty', 'manifests', '-'])).toEqual({
      ...NOTHING,
      command: 'validate',
      flags: { strict: 'false', 'allow-empty': 'true' },
      positionals: ['manifests', '-'],
    });
  });

  it('finds the command behind flags', () => {
    expect(parseFlags(['--format', 'json', 'bump', '--images', 'a:1'])).toMatchObject({
      command: 'bump',
      flags: { format: 'json', images: 'a:1' },
    });
    expect(parseFlags(['--verbos', 'bump'])).toMatchObject({ command: 'bump', flags: { verbos: 'true' } });
  });

  it.each([[['--help']], [['-h']], [['bump', '--help']], [['bump', '--images', '-h']]])(
    'sees the wish for help in %j',
    (argv) => {
      expect(parseFlags(argv).help).toBe(argv.length < 3);
    },
  );

  it('sees the wish for the version', () => {
    expect(parseFlags(['--version'])).toEqual({ ...NOTHING, version: true });
  });

  it('takes everything after "--" as arguments', () => {
    expect(parseFlags(['validate', '--', '--strict', '-x.yaml'])).toEqual({
      ...NOTHING,
      command: 'validate',
      positionals: ['--strict', '-x.yaml'],
    });
  });

  it('names a flag without its value, and does not take the next flag for it', () => {
    expect(parseFlags(['wait', '--revision', '--targets', 'shop'])).toMatchObject({
      flags: { revision: [] },
      problems: ['--revision needs a value, but "--targets" follows'],
      positionals: [],
    });
    expect(parseFlags(['wait', '--revision'])).toMatchObject({ problems: ['--revision needs a value'] });
  });

  it('accepts a value that begins with a dash when it is joined to the flag', () => {
    expect(parseFlags(['bump', '--commit-message=-v2-'])).toMatchObject({
      flags: { 'commit-message': '-v2-' },
      problems: [],
    });
    expect(parseFlags(['validate', '--paths', '-'])).toMatchObject({ flags: { paths: '-' }, problems: [] });
  });

  it('keeps unknown flags for the parser, together with what may be their value', () => {
    expect(parseFlags(['bump', '--imges', 'a:1', 'b'])).toMatchObject({ flags: { imges: 'true' }, positionals: ['b'] });
  });

  it('refuses short flags', () => {
    expect(parseFlags(['bump', '-x']).problems).toEqual([
      '"-x" is unknown; flags begin with two dashes, and "--" stands before paths that begin with one',
    ]);
  });

  it('tells an empty value from no flag at all', () => {
    expect(parseFlags(['bump', '--author=', '--images', '']).flags).toEqual({ author: '', images: '' });
  });
});

describe('readCommandName', () => {
  it('passes a command and helps with a mistyped one', () => {
    expect(readCommandName('deliver')).toBe('deliver');
    expect(() => readCommandName('delivr')).toThrow('"delivr" is not a command. Did you mean deliver?');
    expect(() => readCommandName('constructor')).toThrow('"constructor" is not a command.');
    expect(() => readCommandName(undefined)).toThrow('No command is given');
  });
});
