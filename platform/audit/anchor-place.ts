import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Environment } from '../runtime/environment.ts'
import { openSecrets } from '../runtime/secrets.ts'
import { anchorKeyOf, type AnchorKey } from './anchor.ts'

type Places = Pick<Environment, 'AUDIT_ANCHOR_DIR' | 'DATA_DIR'>

/** Where the anchors of this installation are kept. */
export const anchorFolder = ({ AUDIT_ANCHOR_DIR, DATA_DIR }: Places): string =>
  resolve(AUDIT_ANCHOR_DIR ?? join(DATA_DIR, 'audit-anchors'))

/** The key of this installation; undefined where it has not been started yet: to look makes none. */
export const ownAnchorKey = ({ DATA_DIR }: Places): AnchorKey | undefined =>
  existsSync(join(DATA_DIR, 'secrets.json')) ? anchorKeyOf(openSecrets(resolve(DATA_DIR)).auditAnchors) : undefined
