import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { installation } from './installation.ts'

describe('installation', () => {
  it('is the folder of our package, with what is built and the flows in it', () => {
    const { name } = JSON.parse(readFileSync(join(installation, 'package.json'), 'utf8')) as { name: string }
    assert.equal(name, '@linhaviva/node-red-linha-viva')
    assert.equal(join(installation, 'dist', 'platform', 'runtime'), import.meta.dirname)
    assert.ok(existsSync(join(installation, 'flows')))
  })
})
