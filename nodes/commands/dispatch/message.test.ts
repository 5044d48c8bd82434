import assert from 'node:assert/strict'
import { Ajv } from 'ajv'
import { describe, it } from 'mocha'
import { CommandMessage } from '../../../platform/wire/command.ts'
import type { Command } from '../domain/command.ts'
import { begun, fullCapabilities, plainPlan } from '../made-command.fixture.ts'
import { commandMessage, travels } from './message.ts'

const command: Command = {
  ...{
    commandId: '7b0c5e2a-3a55-4c8e-9a0e-2f6f4e3c1d10',
    deviceId: 'sw-1',
    type: 'set_limit',
    args: { limit_kw: 3.5 },
  },
  ...{ plan: plainPlan, capabilities: fullCapabilities, state: 'dispatched', requestedAt: begun },
  ...{ expiresAt: begun + 90_500, controlNumber: 1_000_000_001, attempts: 1, asked: 0, firstDispatchedAt: begun },
  ...{ executedAt: null, stateSince: begun, sendAt: null, dueAt: null, quarantined: false, reason: null },
}
const sending = { command, phase: 'operate' as const, keyIssue: 1 }
const able = (of: Partial<Command['capabilities']>) => ({
  ...{ ...sending, command: { ...command, capabilities: { ...fullCapabilities, ...of } } },
})

describe('the message of a command', () => {
  it('says what the contract says, signed where the device checks that', () => {
    const isMessage = new Ajv({ keywords: [] }).compile(JSON.parse(JSON.stringify(CommandMessage)))
    const plain = commandMessage(sending, 'secret')
    assert.ok(isMessage(plain), JSON.stringify(isMessage.errors))
    assert.deepEqual(Object.keys(plain), [...['command_id', 'control_number', 'phase', 'type', 'args', 'expires_at']])
    const signed = commandMessage(able({ signature: true }), 'secret')
    assert.ok(isMessage(signed), JSON.stringify(isMessage.errors))
    assert.notEqual(signed.signature, commandMessage({ ...able({ signature: true }), keyIssue: 2 }, 'secret').signature)
  })

  it('is none of a command that was not written before it is sent', () =>
    assert.throws(
      () => commandMessage({ ...sending, command: { ...command, controlNumber: null } }, 'secret'),
      /has no control number: it cannot be sent/,
    ))

  it('waits at the broker only for a device that refuses what is late and knows what comes twice', () => {
    assert.equal(travels(sending, 4, begun).qos, 1)
    for (const lacks of [{ ledger: false }, { expiry: false }]) assert.equal(travels(able(lacks), 4, begun).qos, 0)
    assert.equal(travels({ ...sending, phase: 'query' }, 4, begun).qos, 0)
    assert.equal(travels({ ...sending, phase: 'select' }, 4, begun).retain, false)
  })

  it('is kept by a broker of MQTT 5 no longer than it is good for, in whole seconds', () => {
    const keptS = (now: number) => travels(sending, 5, now).properties?.messageExpiryInterval
    assert.deepEqual([keptS(begun), keptS(begun + 90_000)], [90, 1])
    assert.equal(travels(sending, 4, begun).properties, undefined)
  })
})
