import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import { seedConjunto, seedUnits } from '../indicators/seeded-units.fixture.ts'
import { seedInterruptions } from '../interruptions/seeded-interruptions.fixture.ts'
import { seedMoney } from './control.fixture.ts'
import { HashChain, type SnapshotRow } from './hash-chain.ts'
import { monthReach, snapshotPages } from './month-snapshot.ts'
import { monetaryBases, openInterruptions, unitsAfter } from './snapshot-repository.ts'

const hourMs = 3_600_000
const zone = 'America/Sao_Paulo'
const month = '2026-03'
const now = Date.parse('2026-05-01T00:00:00Z')
const noon = Date.parse('2026-03-10T15:00:00Z')

describe('the snapshot of a month', function () {
  this.timeout(60_000)
  const test = useDatabase()
  const unitIds = Array.from({ length: 4_500 }, (_, n) => `u-${String(n).padStart(5, '0')}`)
  const pages = async () => {
    const all: (readonly SnapshotRow[])[] = []
    for await (const page of snapshotPages(test.database, month, zone, now)) all.push(page)
    return all
  }

  before(async () => {
    const { database } = test
    await seedConjunto(database, 'c-1')
    await seedConjunto(database, 'manaus', 'America/Manaus')
    await seedUnits(database, 'c-1', unitIds)
    await seedMoney(database, month, unitIds.slice(0, 10))
    await database.query(
      "insert into conjunto_limit (conjunto_id, year, dec_hundredths, fec_hundredths) values ('c-1', 2026, 800, 600)",
    )
    await database.query(
      "insert into conjunto_limit (conjunto_id, year, dec_hundredths, fec_hundredths) values ('manaus', 2025, 900, 700)",
    )
    const units = unitIds.map((unitId) => ({ unitId, from: noon, until: noon + 9 * hourMs }))
    await seedInterruptions(database, [
      { units },
      { units: [{ unitId: unitIds[0]!, from: noon - 60 * 24 * hourMs, until: noon - 59 * 24 * hourMs }] },
    ])
  })

  it('has every unit of the registry once, by name, and no page of more than two thousand rows', async () => {
    const all = await pages()
    assert.ok(all.every((page) => page.length <= 2_000))
    const units = all.flat().filter(({ kind }) => kind === 'unit')
    assert.deepEqual(
      units.map(({ subject }) => subject),
      unitIds,
    )
  })

  it('has what it was computed from: options, the rule, conjuntos with their limits of the year, interruptions of the month', async () => {
    const rows = (await pages()).flat()
    const of = (kind: string) => rows.filter((row) => row.kind === kind)
    assert.ok(of('option').length > 10 && of('option').every(({ subject }) => subject.startsWith('continuity-')))
    assert.equal(of('rule')[0]!['validFrom'], '2026-01-01')
    assert.equal(of('interruption').length, 1)
    assert.deepEqual(
      of('conjunto').map((row) => [
        row.subject,
        row['timeZone'],
        row['units'],
        row['decHundredths'],
        row['decLimitHundredths'],
      ]),
      [
        ['c-1', zone, 4_500, 900, 800],
        ['manaus', 'America/Manaus', 0, null, null],
      ],
    )
  })

  it('says of each unit what is due, or why that cannot be said', async () => {
    const units = (await pages()).flat().filter(({ kind }) => kind === 'unit')
    assert.deepEqual([units[0]!['amountBrl'], units[0]!['vrcBrl'], units[0]!['pending']], [25.15, 60, null])
    const { amountBrl, vrcBrl, pending } = units[4_499]! as Record<string, unknown>
    assert.deepEqual([amountBrl, vrcBrl], [null, null])
    assert.match(String(pending), /no row of Anexo 8\.B/)
  })

  it('is the same, to the last byte, as long as nothing changes', async () => {
    const hashes = [new HashChain(), new HashChain()]
    for (const chain of hashes) for (const page of await pages()) for (const row of page) chain.add(row)
    assert.equal(hashes[0]!.hash, hashes[1]!.hash)
  })

  it('reaches from the first midnight of the month to the last one, in whatever zone', async () => {
    const { from, until } = await monthReach(test.database, month, zone)
    assert.deepEqual(
      [new Date(from).toISOString(), new Date(until).toISOString()],
      ['2026-03-01T03:00:00.000Z', '2026-04-01T04:00:00.000Z'],
    )
  })

  it('is of what is stored', async () => {
    assert.deepEqual(await unitsAfter(test.database, unitIds[4_497]!, 10), unitIds.slice(4_498))
    assert.deepEqual([...(await monetaryBases(test.database, month, unitIds.slice(9, 11)))], [[unitIds[9], 60]])
    assert.deepEqual(await openInterruptions(test.database, now, 5), { ids: [], count: 0 })
  })
})
