import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import { plainPlan } from '../domain/command.fixture.ts'
import { commandStates, isEnded, isInFlight } from '../domain/command.ts'
import { isOpen } from './command-repository.ts'

describe('what the database takes for open', function () {
  this.timeout(60_000)
  const test = useDatabase()

  it('is what has not ended, in every state', async () => {
    const cases = commandStates.flatMap((state) =>
      [true, false].map((needsVerification) => ({ state, plan: { ...plainPlan, needsVerification } })),
    )
    const rows = await test.database.query<{ open: boolean }>(
      `select ${isOpen} as open
       from rows from (json_to_recordset($1::json) as (state command_state, in_flight boolean)) with ordinality
         as c (state, in_flight, place) order by place`,
      [JSON.stringify(cases.map((one) => ({ state: one.state, in_flight: isInFlight(one) })))],
    )
    assert.deepEqual(
      rows.map(({ open }, index) => ({ state: cases[index]!.state, open })),
      cases.map((one) => ({ state: one.state, open: !isEnded(one) })),
    )
  })
})
