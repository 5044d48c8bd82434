import assert from 'node:assert/strict'
import { appendFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { Client } from 'pg'
import { waitUntil } from '../node/waiting.fixture.ts'
import { useDatabase } from '../storage/test-database.ts'
import { AnchorLog, readAnchorLines, readPublicKey } from './anchor-files.ts'
import { anchorFolder } from './anchor-place.ts'
import { anchorKeyOf, anchoredHeads, faultOfAnchors, parseAnchor } from './anchor.ts'
import { Anchoring } from './anchoring.ts'

const key = anchorKeyOf('a secret of this installation')
const hash = 'a'.repeat(64)

describe('anchors', () => {
  let home: string
  let folder: string
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'anchors-'))
    folder = join(home, 'audit-anchors')
  })
  afterEach(() => rmSync(home, { recursive: true }))

  const linesOfKey = async (): Promise<string[]> => (await readAnchorLines(folder)).get(key.id) ?? []
  const heads = async () => (await linesOfKey()).flatMap((line) => parseAnchor(line)?.seq ?? [])

  describe('in files', () => {
    it('are where the environment says, or in DATA_DIR', () => {
      assert.equal(anchorFolder({ DATA_DIR: '/data', AUDIT_ANCHOR_DIR: undefined }), resolve('/data/audit-anchors'))
      assert.equal(anchorFolder({ DATA_DIR: '/data', AUDIT_ANCHOR_DIR: '/mnt/anchors' }), resolve('/mnt/anchors'))
    })

    it('are a file a day, with the public key beside them, each bound to the one before, whoever goes on', async () => {
      const day = Date.UTC(2026, 10, 21, 23, 59)
      await new AnchorLog(folder, key).append('head', { seq: 1, hash }, day)
      const log = new AnchorLog(folder, key)
      assert.deepEqual(await log.last(), { seq: 1, hash })
      await log.append('head', { seq: 2, hash }, day + 60_000)
      await log.append('head', { seq: 2, hash }, day + 120_000)
      assert.deepEqual(readdirSync(folder).toSorted(), [
        `${key.id}-2026-11-21.jsonl`,
        `${key.id}-2026-11-22.jsonl`,
        `${key.id}.pem`,
      ])
      assert.ok((await readPublicKey(join(folder, `${key.id}.pem`))).equals(key.publicKey))
      assert.deepEqual(await heads(), [1, 2, 2])
      assert.equal(faultOfAnchors(await linesOfKey(), key.publicKey), undefined)
    })

    it('stay in their order where the clock goes back', async () => {
      const day = Date.UTC(2026, 10, 25)
      await new AnchorLog(folder, key).append('head', { seq: 9, hash }, day)
      await new AnchorLog(folder, key).append('restored', { seq: 1, hash }, day - 3 * 86_400_000)
      await new AnchorLog(folder, key).append('head', { seq: 2, hash }, day - 3 * 86_400_000)
      assert.deepEqual(await heads(), [9, 1, 2])
      const lines = await linesOfKey()
      assert.equal(faultOfAnchors(lines, key.publicKey), undefined)
      const { heads: demanded, restores, last } = anchoredHeads(lines.map((line) => parseAnchor(line)!))
      assert.deepEqual([[...demanded.keys()], restores[0]?.lostUpTo, last?.seq], [[1, 2], 9, 2])
    })

    it('go on after a crash that left a part of a line', async () => {
      await new AnchorLog(folder, key).append('head', { seq: 1, hash }, Date.UTC(2026, 10, 21))
      appendFileSync(join(folder, `${key.id}-2026-11-21.jsonl`), '{"kind":"he')
      const log = new AnchorLog(folder, key)
      assert.deepEqual(await log.last(), { seq: 1, hash })
      await log.append('head', { seq: 2, hash }, Date.UTC(2026, 10, 21))
      assert.deepEqual(await heads(), [1, 2])
      assert.equal(faultOfAnchors(await linesOfKey(), key.publicKey), undefined)
    })
  })

  describe('of a database', function () {
    this.timeout(60_000)
    const test = useDatabase()
    const start = (everyMs: number, warnings: string[]): Anchoring =>
      new Anchoring({
        ...{ database: test.database, folder, key, everyMs, clock: { now: () => Date.UTC(2026, 10, 21) } },
        warn: (line) => warnings.push(line),
      })
    const enter = () =>
      test.database.query(`insert into regulation_option (key, value, reason, changed_by, changed_at)
        values ('o', '1', 'a reason', 'ana', '2026-11-21')`)

    it('are made again and again, and at the end', async () => {
      const warnings: string[] = []
      const anchoring = start(10, warnings)
      await waitUntil('some anchors', async () => (await heads()).length >= 3)
      await enter()
      await anchoring.stop()
      const [{ seq } = { seq: 0 }] = await test.database.query<{ seq: number }>(
        'select max(seq)::int as seq from audit_entry',
      )
      assert.equal((await heads()).at(-1), seq)
      assert.deepEqual(warnings, [])
    })

    it('tell when the entry that was signed last is not there any more', async () => {
      await enter()
      const warnings: string[] = []
      const anchoring = start(60_000, warnings)
      await waitUntil('an anchor', async () => (await heads()).length === 1)
      const owner = new Client(test.owner)
      await owner.connect()
      await owner.query('alter table audit_entry disable trigger all')
      await owner.query('delete from audit_entry where seq = (select max(seq) from audit_entry)')
      await owner.end()
      await anchoring.stop()
      assert.match(warnings.join(), /^the audit was changed: entry \d+ is not the one that was anchored/)
    })

    it('that cannot be written are said to be missing, and made when they can', async () => {
      writeFileSync(folder, 'no folder')
      const warnings: string[] = []
      const anchoring = start(10, warnings)
      await waitUntil('a warning', () => warnings.length > 0)
      assert.match(warnings[0]!, /^the audit is not anchored in .*audit-anchors: (EEXIST|ENOTDIR)/)
      rmSync(folder)
      await waitUntil('an anchor', async () => (await heads()).length > 0)
      await anchoring.stop()
    })
  })
})
