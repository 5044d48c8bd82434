import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import { Client } from 'pg'
import { platformClock } from '../../../platform/clock/clock.ts'
import { sha256Of } from '../../../platform/storage/canonical-json.ts'
import { seedConjunto, seedUnits } from '../indicators/seeded-units.fixture.ts'
import { seedInterruptions } from '../interruptions/seeded-interruptions.fixture.ts'
import { findClose, lastClose } from './close-repository.ts'
import { closeRoutes } from './close-routes.ts'
import { verifyClose } from './close-verification.ts'
import { seedMoney, useControl } from './control.fixture.ts'
import { monthCloseKind } from './month-close-kind.ts'

const hourMs = 3_600_000
const at = (text: string): number => Date.parse(text)
const path = '/api/quality/continuity/months/2026-03'

describe('the close of a month', function () {
  this.timeout(60_000)
  const test = useControl([closeRoutes])
  const close = (body: object = {}, month = '2026-03') =>
    test
      .as('operator')
      .post(`/api/quality/continuity/months/${month}/close`, { reason: 'Fechamento', evidence: 'Ata 7', ...body })
  const closed = async (reason?: string) => {
    const { status, body, text } = await close(reason === undefined ? {} : { reason })
    assert.equal(status, 201, text)
    const approved = await test.approve(body)
    assert.equal(approved.status, 200, approved.text)
    return body
  }
  const versions = async () => (await test.as('viewer').get('/api/quality/continuity/closes?month=2026-03')).body.items
  const outage = (unitId: string, from: string, hours: number) => ({
    units: [{ unitId, from: at(from), until: at(from) + hours * hourMs }],
  })
  let first = 0

  before(async () => {
    const { database } = test.database
    await seedConjunto(database, 'c-1')
    await seedUnits(database, 'c-1', ['u-1', 'u-2', 'u-3'])
    await seedMoney(database, '2026-03', ['u-1', 'u-2', 'u-3'])
    const seeded = await seedInterruptions(database, [
      outage('u-1', '2026-03-10T12:00:00Z', 10),
      outage('u-2', '2026-03-11T12:00:00Z', 2),
    ])
    first = seeded.interruptionIds[0]!
  })

  it('is refused before the month is over everywhere, and while something in it lasts', async () => {
    const [{ now }, { database }] = [{ now: platformClock.now() }, test.database]
    const present = new Date(now).toISOString().slice(0, 7)
    const early = await close({}, present)
    assert.equal(early.status, 409)
    assert.match(early.body.detail, new RegExp(`^${present} is not over before`))
    const old = await close({}, '2009-12')
    assert.deepEqual([old.status, /no rule for compensation of continuity is known/.test(old.body.detail)], [409, true])
    const { interruptionIds } = await seedInterruptions(
      database,
      [{ units: [{ unitId: 'u-3', from: at('2026-03-31T20:00:00Z'), until: null }] }],
      at('2026-03-31T20:00:00Z'),
    )
    const open = await close()
    assert.deepEqual(
      [open.status, open.body.detail],
      [409, `interruptions of 2026-03 last still: ${interruptionIds[0]}`],
    )
    await database.query('update interruption set void = true where interruption_id = $1', interruptionIds)
    await database.query('delete from unit_interruption where interruption_id = $1', interruptionIds)
  })

  it('shows what it would freeze, and freezes it when another one approves', async () => {
    const proposed = await closed()
    // C2: DIC 10 h against 8 h at R$ 60.
    const { greatestUnits, asOf: _asOf, ...effect } = proposed.effect
    assert.deepEqual(effect, {
      ...{ deltaBrl: 27.94, compensationBrl: 27.94, changedUnits: 3, units: 3, unitsWithoutAmount: 0, version: 1 },
    })
    assert.deepEqual(greatestUnits, [{ unitId: 'u-1', beforeBrl: null, afterBrl: 27.94, deltaBrl: 27.94 }])
    assert.equal(proposed.kind, monthCloseKind)
    const { database } = test.database
    assert.equal(await verifyClose(database, (await lastClose(database, '2026-03'))!), undefined)
    assert.equal(await findClose(database, '2026-03', 2), undefined)
    const [version] = await versions()
    assert.deepEqual(
      [version.version, version.units, version.compensationBrl, version.deltaBrl, version.approvalId, version.reason],
      [1, 3, 27.94, 27.94, proposed.approvalId, 'Fechamento'],
    )
  })

  it('is a chain of hashes that anybody can compute again from what is downloaded', async () => {
    const { text, status } = await test.as('operator').get(`${path}/closes/1/snapshot`)
    assert.equal(status, 200)
    const lines = text.trimEnd().split('\n')
    let hash = ''
    for (const line of lines) hash = sha256Of(`${hash}\n${line}`)
    const [version] = await versions()
    assert.deepEqual([hash, lines.length], [version.hash, version.rows])
    const rows = lines.map((line) => JSON.parse(line))
    const kinds = [...new Set(rows.map(({ kind }) => kind))]
    assert.deepEqual(kinds, ['month', 'option', 'rule', 'conjunto', 'interruption', 'unit'])
    const unit = rows.find(({ subject }) => subject === 'u-1')
    assert.deepEqual(
      [unit.dicMs, unit.fic, unit.vrcBrl, unit.limits.dicH, unit.amountBrl],
      [10 * hourMs, 1, 60, 8, 27.94],
    )
    assert.match(unit.compensation.rule.source, /items 219 to 227/)
    const quiet = rows.find(({ subject }) => subject === 'u-3')
    assert.deepEqual([quiet.dicMs, quiet.amountBrl], [0, 0])
    assert.equal(rows.find(({ subject }) => subject === 'continuity-month-crossing').value, 'split')
    assert.equal((await test.as('viewer').get(`${path}/closes/1/snapshot`)).status, 403)
  })

  it('is refused anew while nothing is otherwise', async () => {
    const { status, body } = await close()
    assert.deepEqual([status, body.detail], [409, 'nothing of 2026-03 is otherwise than in version 1'])
  })

  it('has a version for each time that the month came to be otherwise, with the difference by unit and in all', async () => {
    const { database } = test.database
    await test.decide('continuity/exclusion', { interruptionId: first, unitId: 'u-1', reason: 'unit-installation' })
    await seedInterruptions(database, [outage('u-2', '2026-03-20T12:00:00Z', 7)])
    const proposed = await closed('exclusão 1 e leituras tardias')
    assert.equal(proposed.effect.version, 2)
    const [second, before] = await versions()
    // u-1 falls to nothing; u-2 has 9 h of DIC: 9 · 60/730 · 34.
    assert.deepEqual(
      [second.version, second.compensationBrl, second.deltaBrl, second.changedUnits],
      [2, 25.15, -2.79, 2],
    )
    const { items } = (await test.as('viewer').get(`${path}/closes/2/differences?kind=unit`)).body
    assert.deepEqual(
      items.map((one: Record<string, unknown>) => [
        one['subject'],
        one['change'],
        one['beforeBrl'],
        one['afterBrl'],
        one['deltaBrl'],
      ]),
      [
        ['u-1', 'changed', 27.94, 0, -27.94],
        ['u-2', 'changed', 0, 25.15, 25.15],
      ],
    )
    assert.ok(items[1].fields.includes('dicMs') && !items[1].fields.includes('limits'))
    const csv = await test.as('viewer').get(`${path}/closes/2/differences`, { accept: 'text/csv' })
    assert.match(csv.text, /^kind,subject,change,fields,beforeBrl,afterBrl,deltaBrl\r\n/)
    assert.match(csv.text, /^exclusion,\d+,added,/m)
    assert.match(csv.text, /^interruption,\d+,added,/m)
    const head = JSON.parse((await test.as('operator').get(`${path}/closes/2/snapshot`)).text.split('\n')[0]!)
    assert.deepEqual(
      [head.hashBefore, head.reason, head.proposedBy, head.approvedBy],
      [before.hash, 'exclusão 1 e leituras tardias', 'operator', 'engineer'],
    )
  })

  it('is verified: intact, and where somebody with the rights of the owner changed it, by the first broken row', async () => {
    const verification = async (version: number) =>
      (await test.as('viewer').get(`${path}/closes/${version}/verification`)).body
    assert.deepEqual([(await verification(1)).intact, (await verification(2)).broken], [true, null])
    const owner = new Client(test.database.owner)
    await owner.connect()
    try {
      await owner.query('alter table month_close_row disable trigger append_only')
      await owner.query(
        `update month_close_row set line = replace(line, '"amountBrl":25.15', '"amountBrl":0.15') where version = 2 and subject = 'u-2'`,
      )
      const [row] = (await owner.query(`select row from month_close_row where version = 2 and subject = 'u-2'`)).rows
      const { intact, broken } = await verification(2)
      assert.deepEqual([intact, broken.row], [false, row.row])
      assert.match(broken.problem, /^its hash is/)
      await owner.query(`delete from month_close_row where version = 1 and row > 5`)
      assert.deepEqual((await verification(1)).broken.row, 6)
    } finally {
      await owner.query('alter table month_close_row enable trigger append_only')
      await owner.end()
    }
  })

  it('is changed by nobody who runs it', async () => {
    for (const statement of [
      'update month_close set compensation_brl = 0',
      'delete from month_close',
      "update month_close_row set line = '{}'",
      'delete from month_close_row',
    ])
      await assert.rejects(test.database.database.query(statement), /permission denied/)
  })

  it('is found by month and version, and not otherwise', async () => {
    assert.equal((await test.as('viewer').get(`${path}/closes/2`)).body.version, 2)
    for (const part of ['', '/verification', '/differences'])
      assert.equal((await test.as('viewer').get(`${path}/closes/9${part}`)).status, 404)
    assert.equal((await test.as('viewer').get('/api/quality/continuity/months/2026-13/closes/1')).status, 400)
    assert.equal((await test.as('viewer').post(`${path}/close`, { reason: 'x', evidence: 'x' })).status, 403)
  })
})
