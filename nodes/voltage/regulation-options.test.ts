import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { defaultChoices, regulationOptions } from '../../platform/regulation/options.ts'
import { installation } from '../../platform/runtime/installation.ts'
import { transgressionOn } from './domain/transgression.ts'
import { usualChoices } from './domain/windows.ts'

describe('the options that concern voltage', () => {
  it('have the defaults that the rules have', () => {
    assert.equal(defaultChoices['voltage-k2-high-voltage'], transgressionOn('2026-11-21').value.k2.AT)
    assert.deepEqual(usualChoices, {
      disturbances: defaultChoices['voltage-expurgated-disturbances'],
      interruptions: defaultChoices['voltage-expurgated-interruptions'],
      invalidPhase: defaultChoices['voltage-invalid-phase'],
    })
  })

  const area = join(installation, 'nodes', 'voltage')
  const sources = readdirSync(area, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !/\.(test|fixture)\.ts$/.test(file))
    .map((file) => readFileSync(join(area, file), 'utf8'))

  for (const key of Object.keys(regulationOptions).filter((one) => one.startsWith('voltage-')))
    it(`are asked for: ${key}`, () => assert.ok(sources.some((source) => source.includes(`'${key}'`))))
})
