import assert from 'node:assert/strict'
import { signedText } from './command-signature.ts'

const message = {
  command_id: '7b0c5e2a-3a55-4c8e-9a0e-2f6f4e3c1d10',
  control_number: 1_000_000_007,
  phase: 'operate',
  type: 'set_limit',
  args: { until: 'noon\n"sharp"', limit_kw: 3.5, export: true },
  expires_at: '2026-11-21T12:00:00.000Z',
} as const

describe('signedText', () => {
  it('has a line for each thing that a device acts on, arguments by their names', () => {
    assert.equal(
      signedText('SW-1', message),
      [
        ...['SW-1', message.command_id, '1000000007', 'operate', 'set_limit', '2026-11-21T12:00:00.000Z'],
        ...['export=true', 'limit_kw=3.5', String.raw`until="noon\n\"sharp\""`],
      ].join('\n'),
    )
  })

  it('differs wherever the message or its device does', () => {
    const texts = [
      signedText('SW-1', message),
      signedText('SW-2', message),
      signedText('SW-1', { ...message, phase: 'select' }),
      signedText('SW-1', { ...message, control_number: 1_000_000_008 }),
      signedText('SW-1', { ...message, expires_at: '2026-11-21T12:00:00.001Z' }),
      signedText('SW-1', { ...message, args: { ...message.args, limit_kw: 3.6 } }),
    ]
    assert.equal(new Set(texts).size, texts.length)
  })
})
