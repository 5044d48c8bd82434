import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import { aProgram, hourMs, seedTown, six } from './demand.fixture.ts'
import { changeProgram, enterProgram } from './enter-program.ts'
import { enterOccurrences } from './occurrences.ts'
import { findProgram, type ProgramContent } from './program-repository.ts'

describe('entering programs', function () {
  this.timeout(60_000)
  const test = useDatabase()
  const now = six - 48 * hourMs
  before(() => seedTown(test.database))
  const enter = (
    of: Partial<ProgramContent>,
    externalId: string | null,
    whenChanged: 'replace' | 'refuse' = 'refuse',
  ) => enterProgram(test.database, aProgram(of), { source: 'openadr', externalId, whenChanged }, 'openadr', now)

  it('what comes twice under one name is one program; what has changed takes its place, or is refused', async () => {
    const { programId } = await enter({ active: false }, 'a')
    assert.deepEqual(await enter({ active: false }, 'a'), { programId, outcome: 'repeated' })
    await assert.rejects(enter({ name: 'Fora' }, 'a'), /the key a was used for another program/)
    assert.deepEqual(await enter({ name: 'Fora', active: false }, 'a', 'replace'), { programId, outcome: 'replaced' })
    const found = (await findProgram(test.database, programId))!
    assert.deepEqual([found.name, found.version, found.changedAt, found.window], ['Fora', 2, now, aProgram().window])
  })

  it('one that is changed while its window is open ends what it called for, and begins anew', async () => {
    const { programId } = await enter({}, 'b')
    const events = () =>
      test.database.query<{ target: number; minutes: number; lasted: number }>(
        `select target_shed_kw as target, extract(epoch from starts_at)::float8 / 60 - $2::float8 / 60000 as minutes,
           extract(epoch from least(ends_at, cancelled_at) - starts_at)::float8 / 60 as lasted
         from dr_event where program_id = $1 order by starts_at`,
        [programId, six],
      )
    const changedAt = six + hourMs
    await enterOccurrences(test.database, six + 1, 0)
    await changeProgram(test.database, programId, aProgram({ targetShedKw: 20 }), undefined, 'ana', changedAt)
    await enterOccurrences(test.database, changedAt + 1, 0)
    assert.deepEqual(await events(), [
      { target: 40, minutes: 0, lasted: 60 },
      { target: 20, minutes: 60, lasted: 120 },
    ])
    await changeProgram(test.database, programId, aProgram({ active: false }), undefined, 'ana', six + 2 * hourMs)
    await enterOccurrences(test.database, six + 2 * hourMs + 1, 0)
    assert.deepEqual((await events()).map(({ lasted }) => lasted), [60, 60]) // prettier-ignore
    assert.equal(await changeProgram(test.database, 9_999, aProgram(), undefined, 'ana', six), false)
  })

  const window = aProgram().window!
  for (const [of, message] of [
    [{ targetShedKw: null }, /body.targetShedKw is null: it must be there/],
    [{ mode: 'limit' }, /body.limitKw is null: it must be there/],
    [{ targetShedKw: -1 }, /body.targetShedKw is -1/],
    [{ elasticity: 1 }, /body.elasticity is 1: it must be from -10 to 0/],
    [{ timeZone: 'Mars/Olympus' }, /body.timeZone is "Mars\/Olympus"/],
    [{ feederId: 'f-9' }, /body.feederId is "f-9"/],
    [{ snapbackMinutes: -1 }, /body.snapbackMinutes is -1/],
    [{ window: { ...window, untilMinute: window.fromMinute } }, /body.window.to is 1080/],
    [{ window: { ...window, validFrom: '2026-12-01', validUntil: '2026-11-01' } }, /body.window.validFrom/],
  ] as const satisfies readonly (readonly [Partial<ProgramContent>, RegExp])[])
    it(`refuses: ${message.source}`, async () => {
      await assert.rejects(enter(of, null), message)
    })
})
