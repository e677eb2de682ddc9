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
  diff: {
    summary: 'Show what a change does to the objects that the cluster gets',
    details:
      'Renders two revisions of this checkout and compares them object by object: what is added, removed and changed in the end, ' +
      'through kustomizations, charts, and what Flux and Argo CD deploy from the repository. Values of Secrets are masked. ' +
      'It runs kustomize (or kubectl) and helm on files of the repository; the checkout itself is not touched, and nothing is fetched.',
    example: 'drawbridge diff --base origin/main',
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
  promote: {
    summary: 'Copy the image references of one environment into another',
    details:
      'Reads which images the files of "from" name, and writes the same references wherever the files of "to" use these images, in whatever format ' +
      'either is written. As a bump it changes nothing but these values, in one commit or request. Refuses where the source has two values of one image.',
    example: 'drawbridge promote --from envs/staging --to envs/production',
  },
  history: {
    summary: 'Show who bumped what, from where to where, when, and from which pipeline',
    details:
      'Reads the bumps from the commits of the base branch. Their trailers only say where to look: what changed is read from the files, and a commit ' +
      'that says it is a bump and changed anything else is shown with the reason.',
    example: 'drawbridge history --images ghcr.io/acme/shop-api --since 2026-11-01',
  },
  demo: {
    summary: 'See the whole loop on this computer, without an account or a cluster',
    details:
      'Makes a real Git config repository in a temporary folder, starts a stand-in for Argo CD (with engine flux for a cluster with Flux) on the ' +
      'loopback interface, and runs the same code as the other commands: a change that lands, one that validation stops, and one that fails and is rolled back.',
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
