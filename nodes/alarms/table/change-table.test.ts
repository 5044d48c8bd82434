import assert from 'node:assert/strict'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import { nothingChanged, shippedDefinition, type TableChange } from '../domain/table-overrides.ts'
import { changeTable, ImpossibleTable, StaleTable, tryChange } from './change-table.ts'
import { storedTable } from './stored-table.ts'
import { tableAt } from './table-parameters.ts'
import { changedIn, entriesAt, findVersion, listVersions, newestVersion } from './table-repository.ts'

const key = 'voltage~drp-budget~*~*'
const shipped = shippedDefinition(key)!
const by = { reason: 'a review', changedBy: 'ana', changedAt: Date.UTC(2026, 2, 1) }
const of = (change: Partial<typeof shipped> | null): TableChange => ({
  ...nothingChanged,
  definitions: new Map([[key, change && { ...shipped, ...change }]]),
})

describe('a change of the master alarm table', function () {
  this.timeout(60_000)
  const test = useDatabase()
  const priorityAt = async (version?: number) =>
    (await storedTable(test.database, version)).table.definitions.find(({ scope }) => scope.kind === 'drp-budget')
      ?.priority

  it('makes the next version, and leaves those before as they were', async () => {
    assert.equal((await changeTable(test.database, 0, by, () => of({ priority: 'high' }))).version, 1)
    assert.equal((await changeTable(test.database, 1, by, () => of(null))).version, 2)
    assert.deepEqual([await priorityAt(0), await priorityAt(1), await priorityAt(2)], ['low', 'high', 'low'])
    assert.deepEqual(await findVersion(test.database, 1), { version: 1, ...by })
    assert.deepEqual(await changedIn(test.database, 2), [{ kind: 'entry', key }])
    assert.deepEqual(
      (await listVersions(test.database, undefined, 5)).map(({ version, entries, classes }) => [
        version,
        entries,
        classes,
      ]),
      [
        [2, 1, 0],
        [1, 1, 0],
      ],
    )
    assert.equal((await entriesAt(test.database, 2))[0]?.definition, null)
  })

  it('that is based on an older version, or on one that is not there yet, is refused', async () => {
    await assert.rejects(
      changeTable(test.database, 1, by, () => of({})),
      StaleTable,
    )
    await assert.rejects(
      changeTable(test.database, 3, by, () => of({})),
      /based on version 3 .* at version 2/,
    )
    await assert.rejects(
      tryChange(test.database, 1, () => of({})),
      StaleTable,
    )
  })

  it('that cannot be, or is none, leaves no trace', async () => {
    const wrong = () => of({ className: 'nothing' })
    await assert.rejects(changeTable(test.database, 2, by, wrong), ImpossibleTable)
    await assert.rejects(tryChange(test.database, 2, wrong), /className must be a class/)
    assert.equal((await changeTable(test.database, 2, by, () => nothingChanged)).version, 2)
    assert.equal((await tryChange(test.database, 2, () => of({ priority: 'high' }))).definitions.size, 1)
    assert.equal(await newestVersion(test.database), 2)
  })

  it('one of ten at once is made', async () => {
    const all = await Promise.allSettled(
      Array.from({ length: 10 }, (_, n) => changeTable(test.database, 2, by, () => of({ setPoint: n }))),
    )
    assert.equal(all.filter(({ status }) => status === 'fulfilled').length, 1)
    for (const one of all)
      if (one.status === 'rejected') assert.ok(one.reason instanceof StaleTable, String(one.reason))
    assert.equal(await newestVersion(test.database), 3)
  })

  it('beyond so many entries is refused', async () => {
    const definitions = new Map(
      Array.from({ length: 2_001 }, (_, n) => {
        const scope = { ...shipped.scope, subject: `u-${n}` }
        return [`voltage~drp-budget~*~u-${n}`, { ...shipped, scope }]
      }),
    )
    const change = { ...nothingChanged, definitions }
    await assert.rejects(
      changeTable(test.database, 3, by, () => change),
      /entries must be 2000 overrides at most/,
    )
  })

  it('can be asked about up to the newest', async () => {
    assert.equal((await tableAt(test.database, undefined)).table.version, 3)
    assert.equal((await tableAt(test.database, 1)).table.version, 1)
    await assert.rejects(tableAt(test.database, 4), /no version 4/)
  })
})
