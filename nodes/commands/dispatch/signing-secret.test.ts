import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'mocha'
import { readEnvironment } from '../../../platform/runtime/environment.ts'
import { signingSecret } from './signing-secret.ts'

describe('the secret of which keys of devices are derived', () => {
  it('is the one of the environment, else one that the data directory keeps', () => {
    const DATA_DIR = mkdtempSync(join(tmpdir(), 'signing-secret-'))
    const given = 'Example-of-a-secret-of-commands-1'
    assert.equal(signingSecret(readEnvironment({ DATA_DIR, COMMAND_SIGNING_SECRET: given })), given)
    const made = signingSecret(readEnvironment({ DATA_DIR }))
    assert.match(made, /^[\w-]{32}$/)
    assert.equal(signingSecret(readEnvironment({ DATA_DIR })), made)
    rmSync(DATA_DIR, { recursive: true })
  })
})
