import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readFileSync } from 'node:fs'
import type { CommandMessage } from '../platform/wire/command.ts'
import { emptyMemory, takeCommand } from '../platform/wire/command-device.ts'
import { contractExamples } from '../platform/wire/examples.ts'
import { abilitiesOf, readKeys, usualCommands } from './abilities.ts'

const key = '00112233445566778899aabbccddeeff'.repeat(2)
const keys = new Map([['ev-001', Buffer.from(key, 'hex')]])
const ev = { id: 'ev-001', kind: 'der' } as const

describe('what simulated devices can do with commands', () => {
  it('is all there is, but that only switches can be selected, and nobody wants signatures', () => {
    const { isSigned, types, ...can } = abilitiesOf(ev, usualCommands)
    assert.deepEqual(can, { deviceId: 'ev-001', ledger: true, expiry: true, select: false })
    assert.deepEqual([isSigned, types.includes('set_point')], [undefined, true])
    assert.ok(abilitiesOf({ id: 'sw-001', kind: 'switch' }, usualCommands).select)
  })

  it('is less where a device keeps no ledger', () => {
    const ledgerOf = (id: string, withoutLedger: ReadonlySet<string> | 'all') =>
      abilitiesOf({ id, kind: 'der' }, { ...usualCommands, withoutLedger }).ledger
    assert.deepEqual(
      [ledgerOf('a', new Set(['a'])), ledgerOf('b', new Set(['a'])), ledgerOf('b', 'all')],
      [false, true, false],
    )
  })

  it('with a key is to tell what is signed: the example of the contract and of the page on the protocol', () => {
    const { payload } = contractExamples.find(({ shows }) => shows === 'signed')!
    const abilities = abilitiesOf(ev, { ...usualCommands, keys })
    const told = (message: CommandMessage) => takeCommand(emptyMemory, message, abilities, 0).answer?.status
    const example = payload as CommandMessage
    assert.equal(told(example), 'accepted')
    for (const changed of [{ control_number: 8 }, { args: { p_limit_kw: 37 } }, { signature: '' }, { signature: 'x' }])
      assert.equal(told({ ...example, ...changed }), 'rejected')
    const page = readFileSync(join(import.meta.dirname, '../../docs/device-protocol.md'), 'utf8')
    assert.ok(page.includes(example.signature!) && page.includes(key.slice(0, 32)))
  })
})

describe('a file of keys', () => {
  const folder = mkdtempSync(join(tmpdir(), 'keys-'))
  const path = join(folder, 'keys.json')
  after(() => rmSync(folder, { recursive: true }))
  const read = (text: string) => {
    writeFileSync(path, text)
    return readKeys(path)
  }

  it('has the key of each device', () => {
    const written = Buffer.from(key, 'hex').toString('base64url')
    assert.deepEqual(read(JSON.stringify({ 'ev-001': written })), keys)
  })

  for (const [text, problem] of [
    ['{', /keys\.json: not JSON$/],
    ['[]', /keys\.json: must be an object of keys by device$/],
    ['{"ev-001":"short"}', /keys\.json: of ev-001, must be 32 bytes as base64url$/],
  ] as const)
    it(`is refused: ${text}`, () => assert.throws(() => read(text), { name: 'UsageError', message: problem }))

  it('that is not there is refused', () => assert.throws(() => readKeys(join(folder, 'none')), /cannot be read$/))
})
