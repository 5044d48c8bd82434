import assert from 'node:assert/strict'
import { outdatedFiles } from './publish.ts'

describe('docs/contract, the access files in deploy, and docs/regulation.md', () => {
  it('says what the code does', () => {
    assert.deepEqual(outdatedFiles(), [], 'write it anew: npm run contract')
  })
})
