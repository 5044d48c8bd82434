import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'mocha'

const repository = join(import.meta.dirname, '../../..')
const page = readFileSync(join(repository, 'docs/sparkplug.md'), 'utf8')
const sources = ['nodes/telemetry', 'nodes/telemetry/domain/sparkplug'].flatMap((folder) =>
  readdirSync(join(repository, folder))
    .filter((file) => file.endsWith('.test.ts') && file !== 'sparkplug-statements.test.ts')
    .map((file) => readFileSync(join(repository, folder, file), 'utf8')),
)

const statementsIn = (text: string): string[] => text.match(/tck-id-[A-Za-z0-9-]*[A-Za-z0-9]/g) ?? []
const proven = new Set(sources.flatMap(statementsIn))
const tableOf = (name: string): string[] => {
  const [, table] = new RegExp(`<!-- ${name} -->([^]*)<!-- /${name} -->`).exec(page) ?? []
  assert.ok(table, `docs/sparkplug.md has no table of ${name}`)
  return statementsIn(table)
}

describe('the statements of Sparkplug 3.0.0 in docs/sparkplug.md', () => {
  const listed = [...tableOf('host'), ...tableOf('edge')]

  it('each stand there once', () => assert.deepEqual(listed, [...new Set(listed)]))

  it('each are in the title of a test', () =>
    assert.deepEqual(
      listed.filter((statement) => !proven.has(statement)),
      [],
    ))

  it('are all that tests name', () =>
    assert.deepEqual([...proven].filter((statement) => !listed.includes(statement)).sort(), []))
})
