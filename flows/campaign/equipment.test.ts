import assert from 'node:assert/strict'
import { Ajv } from 'ajv'
import { describe, it } from 'mocha'
import { commandTypes, type CommandMessage } from '../../platform/wire/command.ts'
import { fieldContract } from '../../platform/wire/contract.ts'
import { afterCommand, restingEquipment, telemetryOf } from './equipment.ts'

const noon = Date.UTC(2026, 2, 10, 12)

const shown = (
  kind: 'switch' | 'meter' | 'der',
  type: (typeof commandTypes)[number],
  args: CommandMessage['args'] = {},
  keepsLedger = false,
) => telemetryOf({ kind, deviceId: 'd', keepsLedger }, afterCommand(restingEquipment, { type, args }), noon).payload

describe('equipment of counting devices', () => {
  for (const kind of ['switch', 'meter', 'der'] as const)
    it(`of a ${kind} says what the contract asks for`, () => {
      const check = new Ajv({ allowUnionTypes: true }).compile(fieldContract[kind].schema)
      const { topic, payload, retained } = telemetryOf(
        { kind, deviceId: 'd-1', keepsLedger: true },
        restingEquipment,
        noon,
      )
      assert.ok(check(JSON.parse(payload)), JSON.stringify(check.errors))
      assert.deepEqual([topic, retained], [fieldContract[kind].topic.replace('+', 'd-1'), kind === 'switch'])
      assert.ok(payload.includes('2026-03-10T12:00:00.000Z'))
    })

  it('shows what was done to it', () => {
    assert.match(shown('switch', 'open'), /"open"/)
    assert.match(shown('switch', 'close'), /"closed"/)
    assert.match(shown('switch', 'block_reclose'), /"reclose_blocked":true/)
    assert.match(shown('meter', 'disconnect'), /"ia_a":0/)
    assert.match(shown('meter', 'connect'), /"ia_a":4/)
    assert.match(shown('der', 'set_point', { p_setpoint_kw: -3 }), /"p_actual_kw":-3/)
    assert.match(shown('der', 'set_limit', { p_limit_kw: 0.5 }), /"p_actual_kw":-0.5/)
  })

  it('has a meter say where its contact stands where it keeps a ledger, and nothing else tell of it, and only there', () => {
    assert.match(shown('meter', 'disconnect', {}, true), /"ia_a":0,"contact":"open"/)
    assert.match(shown('meter', 'connect', {}, true), /"ia_a":0,"contact":"closed"/)
    assert.doesNotMatch(shown('meter', 'disconnect'), /contact/)
  })

  it('changes with every type of command but those that find it there already', () => {
    const idle = commandTypes.filter(
      (type) =>
        JSON.stringify(afterCommand(restingEquipment, { type, args: { p_limit_kw: 0, p_setpoint_kw: -3 } })) ===
        JSON.stringify(restingEquipment),
    )
    assert.deepEqual(idle, ['close', 'unblock_reclose', 'connect'])
  })
})
