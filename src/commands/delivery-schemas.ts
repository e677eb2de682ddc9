import type { Forge } from '../forges/forge-client.ts';
import type { Host } from '../host.ts';
import { checkLocations, withMoreSchemas } from '../validation/schema-prepare.ts';
import { loadSchemas, type Schemas } from '../validation/schemas.ts';
import { wantedFiles } from './bumping.ts';
import { checkRuleNames, type RuleNames } from './checking.ts';
import { readCrds } from './crds.ts';
import { gathered } from './gathered.ts';
import { versionsOf } from './validate.ts';

export interface DeliverySchemaInputs extends RuleNames {
  readonly kubernetesVersion?: string;
  readonly crds: readonly string[];
  readonly schemaLocations: readonly string[];
  readonly files: readonly string[];
  readonly baseBranch?: string;
}

/**
 * The schemas that a bump is checked against, in the order of `validate`: CRDs that are named, `schema-locations`, the bundled
 * ones. What is wrong with the inputs shows at once; locations are asked once the config repository is open, for the kinds
 * that its files hold.
 * @throws ToolError with every problem: input (a version, a rule, a location), missing (a path of `crds`, a folder of
 * `schema-locations`), io
 */
export async function deliverySchemas(
  inputs: DeliverySchemaInputs,
  host: Host,
): Promise<(forge: Pick<Forge, 'repository'>) => Promise<Schemas>> {
  const { schemaLocations: locations } = inputs;
  const [bundled, , , crds] = await gathered(
    ['kubernetes-version', () => loadSchemas(host, versionsOf(inputs.kubernetesVersion))],
    ['', () => checkRuleNames(inputs)],
    ['schema-locations', () => checkLocations(host, locations)],
    ['crds', () => readCrds(host, inputs.crds)],
  );
  return async ({ repository }) => {
    if (locations.length === 0) return withMoreSchemas(host, bundled, { crds, locations, files: [] });
    const { revision } = await repository.head(inputs.baseBranch);
    const { files } = await repository.readFiles(wantedFiles(inputs.files), revision);
    return withMoreSchemas(host, bundled, { crds, locations, files });
  };
}
