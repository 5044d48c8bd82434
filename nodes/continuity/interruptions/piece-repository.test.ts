import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import { allPhases } from '../../../platform/network/model/phases.ts'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import { writeSectionPieces } from './piece-repository.ts'
import { minuteMs, noon, opened, SuppliedField } from './supplied-field.fixture.ts'

describe('pieces of whole sections that were not without supply yet', function () {
  this.timeout(60_000)
  const test = useDatabase()
  let field: SuppliedField

  before(async () => {
    field = new SuppliedField(test)
    await field.build()
    field.keeper()
    await field.store([opened('sw-a3', 10)])
    await field.settled()
    await field.stop()
  })

  const write = async (sectionId: string, from: number, until: number | null): Promise<string[]> => {
    const [interruption] = await field.interruptions()
    const piece = { ...{ sectionId, unitPhases: allPhases, phases: allPhases }, interruptionId: interruption!.id }
    await test.database.transaction((client) =>
      writeSectionPieces(
        client,
        [{ sectionId, from: noon + from * minuteMs }],
        [{ ...piece, from: noon + from * minuteMs, until: until === null ? null : noon + until * minuteMs }],
        { except: [`${sectionId}-1-1`], known: [], difference: 'new', mayReachLess: false },
        { changed: 100, now: noon },
      ),
    )
    return (await field.outages()).filter((text) => text.startsWith(sectionId))
  }

  it('are written of all its units but those that are excepted', async () =>
    assert.deepEqual(await write('a2', 10, null), [
      'a2-1-2: 10-… switch sw-a3',
      'a2-2-1: 10-… switch sw-a3',
      'a2-2-2: 10-… switch sw-a3',
    ]))

  it('stand in the stead of those that began at the same instant', async () =>
    assert.deepEqual(await write('a3', 10, 40), [
      'a3-1-1: 10-… switch sw-a3',
      'a3-1-2: 10-40 switch sw-a3',
      'a3-2-1: 10-40 switch sw-a3',
      'a3-2-2: 10-40 switch sw-a3',
    ]))

  it('stand beside those that began at another', async () => {
    assert.deepEqual(
      (await write('a3', 50, 60)).filter((text) => text.startsWith('a3-2-2')),
      ['a3-2-2: 10-40 switch sw-a3', 'a3-2-2: 50-60 switch sw-a3'],
    )
  })
})
