import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { continuityOptions } from '../../platform/regulation/continuity-options.ts'
import { installation } from '../../platform/runtime/installation.ts'

describe('the options that concern continuity', () => {
  const area = join(installation, 'nodes', 'continuity')
  const sources = readdirSync(area, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !/\.(test|fixture)\.ts$/.test(file))
    .map((file) => readFileSync(join(area, file), 'utf8'))
  /** What asks, and not what only names a type of choices. */
  const asks = (key: string) => new RegExp(`\\[\\s*'${key}'\\s*\\](?!:)|'${key}': \\w+[,\\s}]`)

  for (const key of Object.keys(continuityOptions))
    it(`are asked for: ${key}`, () => assert.ok(sources.some((source) => asks(key).test(source))))
})
