import { type ErrorCode, ToolError } from '../../errors.ts';
import { oneLine, serverText } from './text.ts';

interface Failure {
  readonly pattern: RegExp;
  readonly code: ErrorCode;
  readonly what: string;
  readonly hint: string;
}

/**
 * What Git writes when it fails, in its own English (LC_ALL=C), first match wins. Git has one exit code, 128, for all of them:
 * https://github.com/git/git/blob/master/remote-curl.c and connect.c, and the texts of libcurl and ssh.
 */
const FAILURES: readonly Failure[] = [
  {
    pattern:
      /Authentication failed|could not read (Username|Password)|returned error: 40[13]|HTTP Basic: Access denied/i,
    code: 'denied',
    what: 'refused the credentials',
    hint: 'Check that DRAWBRIDGE_TOKEN is set, has not expired, and may read and write the contents of this repository.',
  },
  {
    pattern: /Permission denied \(|Permission to .* denied|denied to deploy key|marked as read.only/i,
    code: 'denied',
    what: 'refused the ssh key',
    hint: 'Load a key that may write to this repository into the ssh agent, or name it in GIT_SSH_COMMAND.',
  },
  {
    pattern: /Host key verification failed|REMOTE HOST IDENTIFICATION HAS CHANGED/i,
    code: 'denied',
    what: 'has an ssh host key that is not known here',
    hint: 'Add the host to known_hosts (ssh-keyscan, then compare with what the host publishes) before this step.',
  },
  {
    pattern: /certificate|SSL peer|server verification failed/i,
    code: 'denied',
    what: 'has a certificate that is not trusted here',
    hint: 'Give its certificate authority as ca-certificate, or name the file with it in GIT_SSL_CAINFO.',
  },
  {
    pattern: /dubious ownership/i,
    code: 'denied',
    what: 'belongs to another user of this machine, so Git does not serve it',
    hint: 'Let the folder belong to the user that runs this, or name the repository by its URL.',
  },
  {
    pattern: /returned error: 30[1278]/i,
    code: 'missing',
    what: 'has moved to another address',
    hint: 'Name the new address in config-repository; redirects are not followed, since a token must not travel with one.',
  },
  {
    pattern: /not found|does not exist|does not appear to be a git repository|returned error: 404|no such file/i,
    code: 'missing',
    what: 'is not there, or may not be seen with these credentials',
    hint: 'Check the spelling of config-repository, and that the token may read it (many servers answer "not found" then).',
  },
  {
    pattern: /transport '.*' not allowed/i,
    code: 'input',
    what: 'would need a protocol that is not allowed',
    hint: 'Use https or ssh.',
  },
  {
    pattern: /unknown option|usage: git/i,
    code: 'missing',
    what: 'cannot be asked, because the installed git is too old',
    hint: 'Install Git 2.31 or newer.',
  },
  {
    pattern: /No space left|Read-only file system|unable to create temporary|Disk quota exceeded/i,
    code: 'io',
    what: 'could not be copied, because the temporary folder cannot be written',
    hint: 'Free some space in the temporary folder (TMPDIR), then run this again.',
  },
  {
    pattern:
      /could not resolve|failed to connect|couldn't connect|timed out|timeout|connection (refused|reset|closed|was reset)|returned error: (429|5\d\d)|hung up|RPC failed|early EOF|broken pipe|unexpected disconnect|network is unreachable|no route to host|too slow|transfer closed|recv failure|send failure|empty reply|protocol error: bad line length|invalid index-pack output|expected flush/i,
    code: 'temporary',
    what: 'could not be reached, or the connection broke',
    hint: 'Run this again: what was done is found again.',
  },
];

/** What a failed Git process means, with its own words behind. */
export function failureOf(stderr: string, location: string): ToolError {
  const words = oneLine(stderr.replace(/^warning:.*$/gm, ''));
  const failure = FAILURES.find(({ pattern }) => pattern.test(stderr));
  if (failure === undefined) {
    return new ToolError('protocol', `Git failed at ${location}: ${words || 'it gave no reason'}.`, {
      hint: 'Run it with log-level debug to see each Git command.',
    });
  }
  return new ToolError(failure.code, `${location} ${failure.what}: ${words}`, { hint: failure.hint });
}

/** A write that the server refused for good: protection, a hook, a rule. Its own text is the reason. */
export function refusal(
  reason: string,
  stderr: string,
  branch: string,
  location: string,
  what = 'the commit on',
): ToolError {
  const said = serverText(stderr);
  const text = `${location} refused ${what} branch ${branch}: ${oneLine(reason)}${said === '' ? '' : `. It says: ${said}`}`;
  return new ToolError('denied', text, {
    hint: 'Let this token write to the branch, use another branch, or use a strategy that opens a pull or merge request.',
  });
}

/** True where the server does not have a commit that was asked for by its id. */
export function isUnknownObject(stderr: string): boolean {
  return /not our ref|unadvertised object|couldn't find remote ref|bad object|not a valid object|no such remote ref/i.test(
    stderr,
  );
}
