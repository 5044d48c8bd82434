import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { Partitions } from '../../../platform/storage/partitions.ts'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import { commandsIn } from '../commands.fixture.ts'
import { begun, fullCapabilities, noCapabilities, plainPlan } from '../made-command.fixture.ts'
import { observationsOf } from './observation-repository.ts'
import { verifyCommands } from './verify.ts'

const plan = { ...plainPlan, needsVerification: true }
const executed = { kind: 'answered', status: 'executed' } as const

describe('verification of commands', function () {
  this.timeout(60_000)
  const test = useDatabase()
  const { sent, happen, commandOf, history } = commandsIn(test)

  /** A commit of one reading, received when it was measured unless it says otherwise. */
  async function read(
    table: 'switch_reading' | 'meter_reading' | 'der_reading' | 'panel_reading',
    deviceId: string,
    afterMs: number,
    values: Record<string, unknown>,
    committedAfterMs = afterMs,
  ): Promise<void> {
    const [at, committedAt] = [begun + afterMs, begun + committedAfterMs].map((ms) => new Date(ms).toISOString())
    await new Partitions(test.database).ensure(table, begun + afterMs)
    await test.database.query(
      'insert into device (device_id, kind, status) values ($1, $2, $3) on conflict do nothing',
      [...[deviceId, table.replace('_reading', ''), 'active']],
    )
    await test.database.transaction(async (client) => {
      const { rows } = await client.query<{ id: number }>(`select nextval('batch_number')::float8 as id`)
      const batchId = rows[0]!.id
      const [{ deviceKey } = { deviceKey: 0 }] = (
        await client.query<{ deviceKey: number }>('select device_key as "deviceKey" from device where device_id = $1', [
          deviceId,
        ])
      ).rows
      const reading = { at, batch_id: batchId, device_key: deviceKey, quality: 'good', ...values }
      await client.query(`insert into ${table} select * from jsonb_populate_record(null::${table}, $1)`, [
        JSON.stringify(reading),
      ])
      await client.query('select append_batch($1, 1, 0, $2, $2, $3)', [batchId, at, committedAt])
    })
  }
  const stands = (deviceId: string, afterMs: number, position: string, more = {}, committedAfterMs = afterMs) =>
    read('switch_reading', deviceId, afterMs, { position, mode: 'remote', ...more }, committedAfterMs)
  const verify = (afterMs: number) => verifyCommands(test.database, begun + afterMs, new AbortController().signal)
  const stateOf = async (commandId: string): Promise<string> => (await commandOf(commandId)).state

  it('ends a command whose effect a good reading shows, measured and received since it was sent', async () => {
    const commandId = await sent({ deviceId: 'v-1', plan }, 1_000)
    await happen(commandId, executed, begun + 2_000)
    await stands('v-1', 1_000, 'open')
    await stands('v-1', 3_000, 'open', { quality: 'late' })
    // By a clock that is ahead.
    await stands('v-1', 4_000, 'open', {}, 900)
    await stands('v-1', 5_000, 'closed')
    await verify(6_000)
    assert.equal(await stateOf(commandId), 'executed')
    await stands('v-1', 7_000, 'open')
    await verify(8_000)
    assert.deepEqual((await history(commandId)).slice(-1), ['executed verified observed'])
  })

  it('reconciles what nobody answered by a change of what is seen, and by the contrary once nothing can come any more', async () => {
    const capabilities = { ...noCapabilities, expiry: true, clock: true }
    const ids: string[] = []
    for (const deviceId of ['v-2', 'v-3', 'v-4']) {
      await stands(deviceId, 0, deviceId === 'v-3' ? 'open' : 'closed')
      const commandId = await sent({ deviceId, plan, capabilities }, 1_000)
      await happen(commandId, { kind: 'due' }, begun + 6_000)
      ids.push(commandId)
    }
    await stands('v-2', 7_000, 'open')
    await stands('v-3', 7_000, 'open')
    await stands('v-4', 7_000, 'closed')
    await verify(8_000)
    assert.deepEqual(await Promise.all(ids.map(stateOf)), ['reconciled_done', 'unknown', 'unknown'])
    await stands('v-4', 661_000, 'closed')
    await verify(662_000)
    assert.deepEqual(await Promise.all(ids.map(stateOf)), ['reconciled_done', 'unknown', 'reconciled_not_done'])
  })

  it('knows what meters, DERs, panels and presence say', async () => {
    const since = begun + 1_000
    await read('meter_reading', 'v-5', 62_000, { va_v: 127, ia_a: 3, interval_s: 60, aggregation: 'mean' })
    await read('der_reading', 'v-6', 2_000, { p_actual_kw: -3, p_max_kw: 5 })
    await read('panel_reading', 'v-7', 2_000, {
      ...{ temperature_celsius: 30, voltage_volts: 40, current_amperes: 2, power_w: 80 },
    })
    await test.database.query(
      `insert into device_presence (device_key, online, at, received_at)
       select device_key, true, at, at from to_timestamp($1::float8 / 1000) at, device where device_id = 'v-7'`,
      [since + 500],
    )
    await test.database.query(`update device set der_type = 'pv', rated_kw = 4 where device_id = 'v-6'`)
    const ids = ['v-5', 'v-6', 'v-7'].map((deviceId, index) => ({
      ...{ deviceId, since, commandId: `00000000-0000-4000-8000-00000000000${index}` },
    }))
    const seen = await observationsOf(test.database, ids)
    assert.deepEqual(
      ids.map(({ commandId }) => seen.get(commandId)),
      [
        {
          before: undefined,
          since: [
            { kind: 'meter', at: begun + 62_000, from: begun + 2_000, voltagesV: [127], currentsA: [3], contact: null },
          ],
        },
        { before: undefined, since: [{ kind: 'der', at: begun + 2_000, isPv: true, pActualKw: -3, ratedKw: 4 }] },
        {
          before: undefined,
          since: [
            { kind: 'presence', at: since + 500, online: true },
            { kind: 'panel', at: begun + 2_000 },
          ],
        },
      ],
    )
  })

  it('reads where the contact of a meter stands, of one that says it: a unit that draws nothing is seen to be connected', async () => {
    const measured = { va_v: 127, ia_a: 0, interval_s: 1, aggregation: 'instant' }
    const connected = async (deviceId: string): Promise<string> => {
      const commandId = await sent({ deviceId, type: 'connect', plan, capabilities: fullCapabilities }, 1_000)
      await happen(commandId, executed, begun + 2_000)
      return commandId
    }
    const [says, silent] = [await connected('v-9'), await connected('v-10')]
    await read('meter_reading', 'v-9', 3_000, { ...measured, contact: 'open' })
    await read('meter_reading', 'v-10', 3_000, measured)
    await verify(4_000)
    assert.deepEqual([await stateOf(says), await stateOf(silent)], ['executed', 'executed'])
    await read('meter_reading', 'v-9', 5_000, { ...measured, contact: 'closed' })
    await read('meter_reading', 'v-10', 5_000, measured)
    await verify(6_000)
    assert.deepEqual([await stateOf(says), await stateOf(silent)], ['verified', 'executed'])
  })

  it('reads whether reclosing is blocked, of a switch that says so', async () => {
    const commandId = await sent(
      { deviceId: 'v-8', type: 'block_reclose', plan, capabilities: fullCapabilities },
      1_000,
    )
    await happen(commandId, executed, begun + 2_000)
    await stands('v-8', 3_000, 'closed')
    await verify(4_000)
    assert.equal(await stateOf(commandId), 'executed')
    await stands('v-8', 5_000, 'closed', { reclose_blocked: 'yes' })
    await verify(6_000)
    assert.equal(await stateOf(commandId), 'verified')
  })
})
