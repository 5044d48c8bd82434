import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { readConformanceFlags, usage } from './conformance-flags.ts'

const refusals: [args: string, problem: RegExp][] = [
  ['', /^--device is missing/],
  ['--device a/b', /^--device must be a device's name, got "a\/b"$/],
  ['--device sw-1 now', /^unexpected argument "now"/],
  ['--device sw-1 --command explode', /^--command must be one or two of open, .*, got "explode"$/],
  ['--device sw-1 --args 3', /^--args must be a JSON object, got "3"$/],
  ['--device sw-1 --args {', /^--args must be a JSON object, got "\{"$/],
  ['--device sw-1 --setpoint much', /^--setpoint must be a number from -100000 to 100000, got "much"$/],
  ['--device sw-1 --within 0', /^--within must be a number from 0.1 to 600, got "0"$/],
  ['--device sw-1 --control-number 1.5', /^--control-number must be whole, got "1.5"$/],
  ['--device sw-1 --control-number 1 --record', /^--record is for a device of the platform/],
  ['--device sw-1 --key short', /^--key must be base64url of 16 bytes or more/],
]

describe('the flags of the conformance check', () => {
  it('are a device, and what else one wants', () => {
    assert.deepEqual(readConformanceFlags(['--device', 'sw-1']), {
      ...{
        deviceId: 'sw-1',
        commands: [{ type: 'read_now', args: {} }],
        setpointKw: undefined,
        controlNumber: undefined,
      },
      ...{ reboot: false, lastWill: false, key: undefined, record: false, withinMs: 5_000, reportWithinMs: 70_000 },
    })
    const all =
      '--device b --command open,close --setpoint=-2 --reboot --last-will --key AAAAAAAAAAAAAAAAAAAAAA --within 1'
    const read = readConformanceFlags([...all.split(' '), '--args', '{"x":1}', '--control-number', '7'])
    assert.deepEqual(read, {
      ...{ deviceId: 'b', setpointKw: -2, reboot: true, lastWill: true, record: false, controlNumber: 7 },
      commands: [
        { type: 'open', args: { x: 1 } },
        { type: 'close', args: { x: 1 } },
      ],
      ...{ key: Buffer.alloc(16), withinMs: 1_000, reportWithinMs: 70_000 },
    })
  })

  for (const [args, problem] of refusals)
    it(`are refused: ${args || 'none'}`, () =>
      assert.throws(() => readConformanceFlags(args.split(' ').filter(Boolean)), { name: 'BadFlag', message: problem }))

  it('are all described', () => {
    assert.equal(readConformanceFlags(['--help']), 'help')
    for (const flag of [
      'device',
      'command',
      'args',
      'setpoint',
      'reboot',
      'last-will',
      'key',
      'control-number',
      'record',
    ])
      assert.ok(usage.includes(`--${flag} `))
  })
})
