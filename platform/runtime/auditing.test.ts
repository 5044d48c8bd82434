import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { anchorFolder, ownAnchorKey } from '../audit/anchor-place.ts'
import { readAnchorLines } from '../audit/anchor-files.ts'
import { parseAnchor } from '../audit/anchor.ts'
import { readAnchors, verifyDatabase } from '../audit/audit-commands.ts'
import { headOf } from '../audit/audit-repository.ts'
import { waitUntil } from '../node/waiting.fixture.ts'
import { useDatabase } from '../storage/test-database.ts'
import { startAuditing } from './auditing.ts'
import { readEnvironment } from './environment.ts'

describe('the audit beside Node-RED', function () {
  this.timeout(60_000)
  const test = useDatabase()
  let dataDir: string
  beforeEach(() => void (dataDir = mkdtempSync(join(tmpdir(), 'auditing-'))))
  afterEach(() => rmSync(dataDir, { recursive: true }))

  it('signs the head at the start and at the end, and records what the broker refused', async () => {
    const environment = readEnvironment({ DATA_DIR: dataDir })
    assert.equal(ownAnchorKey(environment), undefined)
    const warnings: string[] = []
    const auditing = startAuditing(test.login, environment, (line) => warnings.push(line))
    const heads = async () => {
      const lines = (await readAnchorLines(anchorFolder(environment))).get(ownAnchorKey(environment)!.id) ?? []
      return lines.map((line) => parseAnchor(line)!.seq)
    }
    await waitUntil('the first anchor', async () => (await heads()).length === 1, 10_000)
    const { seq } = await headOf(test.database)
    auditing.refused({ event: 'mqtt_refused', username: 'flows', subject: 'grid/commands/x', detail: 'publication' })
    await auditing.stop()
    assert.deepEqual(await heads(), [seq, seq + 1])
    assert.deepEqual(warnings, [])
    const lines: string[] = []
    const files = await readAnchors(anchorFolder(environment), ownAnchorKey(environment))
    assert.ok(await verifyDatabase(test.database, files, Date.now(), (line) => lines.push(line)), lines.join('\n'))
    assert.equal(lines.at(-1), 'the audit is as it was written')
  })
})
