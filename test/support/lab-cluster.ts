import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const { LAB_DIR = join(process.env.HOME ?? '', '.cache/drawbridge-lab'), LAB_STATE = '' } = process.env;
const [besideLab, stateKubeconfig] = [join(LAB_DIR, 'bin/kubectl'), join(LAB_STATE, 'kubeconfig')];

/** The kubectl of the lab, or none. */
export const KUBECTL = existsSync(besideLab) ? besideLab : undefined;

/** The kubeconfig of a lab that runs: LAB_STATE says where. */
export const LAB_KUBECONFIG = LAB_STATE !== '' && existsSync(stateKubeconfig) ? stateKubeconfig : undefined;

/** A user of the lab: `token` and `nobody` have files of their own. */
export function labKubeconfig(user?: 'token' | 'nobody'): string {
  return user === undefined ? stateKubeconfig : `${stateKubeconfig}-${user}`;
}

export function kubectl(args: readonly string[], input?: string): string {
  const options = { encoding: 'utf8', ...(input === undefined ? {} : { input }), stdio: 'pipe' } as const;
  return execFileSync(besideLab, ['--kubeconfig', stateKubeconfig, ...args], options);
}
