import type { Environment } from '../../../platform/runtime/environment.ts'
import { openSecrets } from '../../../platform/runtime/secrets.ts'

/** Of which the keys of devices are derived: the same for all processes of an installation, for good. */
export const signingSecret = ({ COMMAND_SIGNING_SECRET, DATA_DIR }: Environment): string =>
  COMMAND_SIGNING_SECRET ?? openSecrets(DATA_DIR).commandSigning
