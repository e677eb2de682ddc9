/** A command as help, documentation and the front ends tell it. */
export interface CommandDefinition {
  /** One line, without a full stop. */
  readonly summary: string;
  /** A few sentences for `drawbridge <command> --help`. */
  readonly details: string;
  /** A command line that can be pasted. */
  readonly example: string;
}

/** The commands, in the order in which a delivery uses them. */
export const COMMANDS = {
  validate: {
    summary: 'Check Kubernetes manifests before they reach the config branch',
    details:
      'Reads the files and reports syntax errors, duplicate keys, and unknown, missing or mistyped fields, each with file, line and column. ' +
      'Helm templates and kustomize patches are skipped and counted; of encrypted files only the structure is checked. Nothing is sent anywhere.',
    example: 'drawbridge validate kubernetes/',
  },
  bump: {
    summary: 'Write new image references into the config repository',
    details:
      'Finds every use of the images in the config repository, replaces exactly these values and no other byte, and makes one commit. ' +
      'When somebody else pushes first, it reads again and plans again; it never forces a push. ' +
      'The output "revision" is the commit to wait for.',
    example:
      'drawbridge bump --images ghcr.io/acme/shop-api:1.4.2 --config-repository https://git.example.com/acme/config.git',
  },
  wait: {
    summary: 'Wait until exactly that revision is live and healthy',
    details:
      'Follows the targets until the revision has been seen, applied, judged healthy after that, and stayed so. ' +
      'Ends early, with a diagnosis, when the change has failed, was superseded or is blocked.',
    example: 'drawbridge wait --revision $REVISION --targets shop-api --argocd-server argocd.example.com',
  },
  deliver: {
    summary: 'Bump, validate what the bump made, publish, and wait for health',
    details:
      'The whole way in one step: plans the bump, checks the edited files before and after, commits, and waits until the commit is live. ' +
      'New errors stop it before anything is written; errors that were there before are warnings.',
    example:
      'drawbridge deliver --images ghcr.io/acme/shop-api:1.4.2 --config-repository https://git.example.com/acme/config.git --argocd-server argocd.example.com',
  },
  rollback: {
    summary: 'Undo a bump by a new commit',
    details:
      'Finds the bump by the trailers of its commit, reads the old values from its parent, and writes them back in a new commit. ' +
      'Refuses where one of the values has been changed since.',
    example: 'drawbridge rollback --config-repository https://git.example.com/acme/config.git',
  },
  demo: {
    summary: 'See the whole loop on this computer, without an account or a cluster',
    details:
      'Makes a real Git config repository in a temporary folder, starts a stand-in for Argo CD on the loopback interface, and runs the same code ' +
      'as the other commands: a change that lands, one that validation stops, and one that fails and is rolled back.',
    example: 'drawbridge demo --keep',
  },
} as const satisfies Readonly<Record<string, CommandDefinition>>;

export type CommandName = keyof typeof COMMANDS;

export const COMMAND_NAMES = Object.keys(COMMANDS) as readonly CommandName[];

/** The commands that are offered as a GitHub Action of their own and as a GitLab component. */
export const PIPELINE_COMMANDS = ['validate', 'bump', 'wait', 'deliver'] as const satisfies readonly CommandName[];

export function isCommandName(text: string): text is CommandName {
  return Object.hasOwn(COMMANDS, text);
}
