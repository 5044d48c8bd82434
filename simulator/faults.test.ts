import assert from 'node:assert/strict'
import { Ajv } from 'ajv'
import fc from 'fast-check'
import { fieldContract, readTopic } from '../platform/wire/contract.ts'
import { commandFaults, deviceFaults, messageFaults, type FaultName } from '../platform/wire/simulation.ts'
import { Faults, type FaultShares, type InjectedFault, type SentMessage } from './faults.ts'
import { defaultSize, fieldOf } from './field.ts'
import { messageOf, type FieldMessage } from './field-message.ts'
import { Simulation } from './simulation.ts'

const START = Date.UTC(2026, 0, 15, 15)
const field = fieldOf(defaultSize)
const ajv = new Ajv()
const schemas = new Map(
  (['der', 'panel', 'meter'] as const).map((kind) => [kind, ajv.compile(fieldContract[kind].schema)]),
)

/** A quarter of an hour of the field, in steps of 5 s. */
const steps: { at: number; messages: FieldMessage[] }[] = []
{
  const simulation = new Simulation(field, 1, START, 5_000)
  for (let at = START; at < START + 900_000; at += 5_000) steps.push({ at, messages: simulation.step(at) })
}
const readings = steps.flatMap(({ messages }) => messages.filter(({ kind }) => kind !== 'switch' && kind !== 'event'))

function sentUnder(shares: FaultShares, seed = 1, holdMs = 120_000) {
  const faults = new Faults(seed, [{ from: START, to: START + 600_000, shares, holdMs, of: 'readings' }])
  const sent = steps.map(({ at, messages }) => ({ at, sent: faults.apply(messages, at) }))
  return { faults, steps: sent, all: sent.flatMap(({ sent: messages }) => messages) }
}

const bodyOf = ({ payload }: SentMessage) => JSON.parse(payload) as Record<string, unknown>
const soundText = new Set(steps.flatMap(({ messages }) => messages.map(({ payload }) => JSON.stringify(payload))))
const strange = (sent: readonly SentMessage[]) => sent.filter(({ payload }) => !soundText.has(payload))

const readingFaults = [...messageFaults, ...deviceFaults]

describe('faults', () => {
  it('without any, everything goes out as it came', () => {
    assert.deepEqual(
      sentUnder({}).all.map(({ payload }) => payload),
      steps.flatMap(({ messages }) => messages.map(({ payload }) => JSON.stringify(payload))),
    )
  })

  it('are the same, byte for byte, for the same seed, and others for another (property)', () => {
    const shares = fc.record(
      Object.fromEntries(readingFaults.map((name) => [name, fc.double({ min: 0, max: 0.14, noNaN: true })])),
    )
    fc.assert(
      fc.property(fc.integer(), shares, (seed, some) => {
        assert.deepEqual(sentUnder(some, seed).all, sentUnder(some, seed).all)
      }),
      { numRuns: 10 },
    )
    assert.notDeepEqual(sentUnder({ malformed: 0.1 }, 1).all, sentUnder({ malformed: 0.1 }, 2).all)
  })

  it('balance: each message that came in is sent once but for what is counted (property)', () => {
    const shares = fc.record(
      Object.fromEntries(readingFaults.map((name) => [name, fc.double({ min: 0, max: 0.14, noNaN: true })])),
    )
    fc.assert(
      fc.property(fc.integer(), shares, (seed, some) => {
        const { faults, all } = sentUnder(some, seed)
        const { duplicate, conflicting, silent } = faults.counts
        const came = steps.reduce((sum, { messages }) => sum + messages.length, 0)
        assert.equal(all.length, came + duplicate + conflicting - silent - faults.heldBack)
      }),
      { numRuns: 20 },
    )
  })

  for (const name of messageFaults) {
    it(`${name}: as many as its share says, and not after its time`, () => {
      const { faults, steps: sent } = sentUnder({ [name]: 0.1 } as FaultShares)
      const share = (faults.counts[name] + (name === 'late' ? faults.heldBack : 0)) / (readings.length * (600 / 900))
      assert.ok(Math.abs(share - 0.1) < 0.03, `${share}`)
      const after = sent.filter(({ at }) => at >= START + 600_000 + 120_000)
      assert.ok(
        after.every(
          ({ at, sent: messages }) => messages.length === steps.find((step) => step.at === at)!.messages.length,
        ),
      )
    })
  }

  const every = (name: FaultName) => strange(sentUnder({ [name]: 1 }).all)

  it('malformed is never JSON', () => {
    const sent = every('malformed')
    assert.ok(sent.length > 1_000)
    for (const message of sent) assert.throws(() => bodyOf(message), SyntaxError)
  })

  for (const [name, keyword] of [
    ['out_of_range', 'maximum'],
    ['missing_field', 'required'],
  ] as const) {
    it(`${name} is what the contract refuses by "${keyword}"`, () => {
      for (const message of every(name)) {
        const validate = schemas.get(readTopic(message.topic)!.kind as 'der')!
        assert.ok(!validate(bodyOf(message)))
        assert.ok(validate.errors!.some((error) => error.keyword === keyword))
      }
    })
  }

  for (const name of ['mislabelled', 'conflicting', 'clock_ahead', 'clock_behind'] as const) {
    it(`${name} is nothing that the contract refuses`, () => {
      const sent = every(name)
      assert.ok(sent.length > 1_000)
      for (const message of sent) assert.ok(schemas.get(readTopic(message.topic)!.kind as 'der')!(bodyOf(message)))
    })
  }

  it('mislabelled names another device than its topic', () => {
    for (const message of every('mislabelled')) {
      const { kind, deviceId } = readTopic(message.topic)!
      assert.notEqual(bodyOf(message)[fieldContract[kind].idField], deviceId)
    }
  })

  it('conflicting follows the sound one of its instant', () => {
    const { steps: sent } = sentUnder({ conflicting: 1 })
    for (const { sent: messages } of sent.slice(0, 20)) {
      messages.forEach((message, index) => {
        if (strange([message]).length === 0) return
        const before = messages[index - 1]!
        assert.equal(strange([before]).length, 0)
        assert.deepEqual([before.topic, bodyOf(before)['timestamp']], [message.topic, bodyOf(message)['timestamp']])
      })
    }
  })

  it('late is sent as it was, two minutes after', () => {
    const { steps: sent, all } = sentUnder({ late: 0.5 })
    assert.equal(strange(all).length, 0)
    const delays = sent.flatMap(({ at, sent: messages }) =>
      messages.map((message) => at - Date.parse(bodyOf(message)['timestamp'] as string)),
    )
    assert.deepEqual([...new Set(delays)], [0, 120_000])
  })

  it('a wrong clock, and silence, stay with a device', () => {
    for (const name of ['clock_ahead', 'clock_behind', 'silent'] as const) {
      const { all, steps: sent } = sentUnder({ [name]: 0.3 } as FaultShares, 3)
      const during = sent.filter(({ at }) => at < START + 600_000).flatMap(({ sent: messages }) => messages)
      const wrong = new Set(strange(during).map(({ deviceId }) => deviceId))
      const right = new Set(during.filter((message) => strange([message]).length === 0).map(({ deviceId }) => deviceId))
      assert.equal([...wrong].filter((id) => right.has(id)).length, 0, name)
      const heard = name === 'silent' ? new Set(during.map(({ deviceId }) => deviceId)).size : right.size
      assert.ok(heard > 15 && heard < 35, `${name}: ${heard} devices are well`)
      assert.equal(new Set(all.map(({ deviceId }) => deviceId)).size, 38)
    }
  })

  it('spare states of switches', () => {
    const sent = sentUnder({ malformed: 1 }).all.filter(({ deviceId }) => deviceId.startsWith('sw-'))
    assert.ok(sent.length > 20 && strange(sent).length === 0)
  })

  it('of events leave readings alone: of a hundred events some come twice, some late, none differently', () => {
    const event = (number: number) => messageOf('event', `meter-${number % 5}`, { event_id: `e-${number}` })
    const numbers = Array.from({ length: 100 }, (_, number) => number)
    const reading = messageOf('meter', 'meter-1', { meter_id: 'meter-1', timestamp: new Date(START).toISOString() })
    const shares = { duplicate: 0.3, late: 0.2 }
    const faults = new Faults(1, [{ from: START, to: START + 60_000, shares, holdMs: 120_000, of: 'events' }])
    const atOnce = faults.apply([...numbers.map(event), ...numbers.map(() => reading)], START)
    const late = faults.apply([], START + 120_000)
    const texts = (sent: readonly SentMessage[]) => sent.filter(({ topic }) => topic.startsWith('grid/events'))
    assert.equal(atOnce.length - texts(atOnce).length, 100)
    const seen = [...texts(atOnce), ...late].map(({ payload }) => payload)
    assert.deepEqual(new Set(seen), new Set(numbers.map((number) => JSON.stringify(event(number).payload))))
    assert.deepEqual([seen.length, late.length], [100 + faults.counts.duplicate, faults.counts.late])
    assert.ok(faults.counts.duplicate > 15 && faults.counts.late > 8)
  })

  describe('that are injected', () => {
    const injected = (fault: Partial<InjectedFault>, shares: FaultShares = {}) => {
      const faults = new Faults(1, [{ from: START, to: Infinity, shares, holdMs: 120_000, of: 'readings' }])
      const all: InjectedFault = {
        ...{ kind: 'malformed', share: 1, until: Infinity, count: Infinity, holdMs: 60_000 },
        ...fault,
      }
      faults.inject(all, START)
      const sent = steps.map(({ at, messages }) => ({ at, sent: faults.apply(messages, at) }))
      return { faults, steps: sent, all: sent.flatMap(({ sent: messages }) => messages) }
    }

    it('strike their device only', () => {
      const { all, faults } = injected({ deviceId: 'ev-001' })
      assert.deepEqual(new Set(strange(all).map(({ deviceId }) => deviceId)), new Set(['ev-001']))
      assert.equal(faults.counts.malformed, readings.filter(({ deviceId }) => deviceId === 'ev-001').length)
    })

    for (const kind of readingFaults) {
      it(`${kind}: as often as was asked for, then never again (property)`, () => {
        fc.assert(
          fc.property(
            fc.integer({ min: 1, max: 200 }),
            fc.double({ min: 0.2, max: 1, noNaN: true }),
            (count, share) => {
              const { faults } = injected({ kind, count, share, holdMs: 5_000 })
              const struck = faults.counts[kind] + (kind === 'late' ? faults.heldBack : 0)
              // of devices a small share may be none at all
              assert.ok(struck === count || (struck === 0 && deviceFaults.some((name) => name === kind)), `${struck}`)
              if (struck === count) assert.deepEqual(faults.inForce(START)[0]?.kind, undefined)
            },
          ),
          { numRuns: 10 },
        )
      })
    }

    it('end with their time', () => {
      const { steps: sent } = injected({ kind: 'silent', until: START + 60_000 })
      for (const { at, sent: messages } of sent)
        assert.equal(messages.some(isReading), at >= START + 60_000, new Date(at).toISOString())
    })

    it('strike before those of a period, and change nothing in them for other devices', () => {
      const shares = { malformed: 0.1, duplicate: 0.1 }
      const texts = (of: readonly SentMessage[]) =>
        of.filter(({ deviceId }) => deviceId !== 'ev-001').map(({ payload }) => payload)
      const alone = new Faults(1, [{ from: START, to: Infinity, shares, holdMs: 0, of: 'readings' }])
      const expected = steps.flatMap(({ at, messages }) => alone.apply(messages, at))
      const { all } = injected({ kind: 'silent', deviceId: 'ev-001' }, shares)
      assert.deepEqual(texts(all), texts(expected))
      assert.ok(all.every(({ deviceId }) => deviceId !== 'ev-001'))
    })

    it('the newest first: the older one goes on where it is over', () => {
      const faults = new Faults(1, [])
      const all = { share: 1, until: Infinity, count: Infinity, holdMs: 0 }
      faults.inject({ ...all, kind: 'silent' }, START)
      faults.inject({ ...all, kind: 'duplicate', count: 16 }, START)
      const sent = steps.slice(0, 3).map(({ at, messages }) => faults.apply(messages, at).filter(isReading).length)
      assert.deepEqual([sent[0]! + sent[1]!, sent[2]], [32, 0])
    })

    it('are over when they are cleared, with those of a period in force, but for those to come', () => {
      const faults = new Faults(1, [
        { from: START, to: START + 600_000, shares: { silent: 1 }, holdMs: 0, of: 'readings' },
        { from: START + 600_000, to: Infinity, shares: { malformed: 0.5, silent: 0.25 }, holdMs: 0, of: 'readings' },
      ])
      faults.inject({ kind: 'late', share: 0.5, until: Infinity, count: 7, holdMs: 0 }, START)
      const kinds = (at: number) => faults.inForce(at).map(({ kind, percent, remaining }) => [kind, percent, remaining])
      assert.deepEqual(kinds(START), [
        ['late', 50, 7],
        ['silent', 100, null],
      ])
      faults.clear(START)
      assert.deepEqual(kinds(START), [])
      assert.deepEqual(kinds(START + 600_000), [
        ['malformed', 50, null],
        ['silent', 25, null],
      ])
    })
  })
})

describe('faults in commands', () => {
  const of = (shares: FaultShares) =>
    new Faults(1, [{ from: START, to: START + 60_000, shares, holdMs: 9, of: 'readings' }])

  it('befall as many as their shares, each by one at most, and are counted', () => {
    const faults = of({ command_lost: 0.3, command_twice: 0.2, ack_late: 0.5 })
    const kinds = Array.from(
      { length: 1_000 },
      () => faults.commandStroke('sw-001', ['command_lost', 'command_twice'], START)?.fault,
    )
    const count = (fault: FaultName) => kinds.filter((kind) => kind === fault).length
    assert.ok(Math.abs(count('command_lost') - 300) < 50 && Math.abs(count('command_twice') - 200) < 50)
    assert.deepEqual([faults.counts.command_lost, faults.counts.ack_late], [count('command_lost'), 0])
    assert.equal(faults.commandStroke('sw-001', ['ack_late', 'ack_lost'], START + 60_000), undefined)
  })

  it('leave readings alone, and the draws of what befalls these', () => {
    const some = { malformed: 0.2, ...Object.fromEntries(commandFaults.map((name) => [name, 0.1])) }
    const { all, faults } = sentUnder(some)
    assert.deepEqual(all, sentUnder({ malformed: 0.2 }).all)
    faults.inject({ kind: 'lie', share: 1, count: Infinity, until: Infinity, holdMs: 0 }, START + 600_000)
    const { at, messages } = steps.find((step) => step.at === START + 600_000)!
    assert.equal(strange(faults.apply(messages, at)).length, 0)
  })

  for (const kind of commandFaults)
    it(`${kind} that is injected strikes one device, as often as was asked for, then never again`, () => {
      const faults = new Faults(1, [])
      faults.inject({ kind, deviceId: 'sw-001', share: 1, count: 3, until: Infinity, holdMs: 5_000 }, START)
      const strokes = (deviceId: string) =>
        Array.from({ length: 9 }, () => faults.commandStroke(deviceId, [kind], START)).filter(Boolean)
      assert.deepEqual(strokes('sw-002'), [])
      assert.deepEqual(
        strokes('sw-001'),
        Array.from({ length: 3 }, () => ({ fault: kind, holdMs: 5_000 })),
      )
      assert.equal(faults.counts[kind], 3)
      assert.deepEqual(faults.inForce(START), [])
    })

  it('a clock that is wrong judges commands, too: that of a switch as well', () => {
    const faults = new Faults(1, [])
    assert.equal(faults.clockOffsetMs('sw-001', START), 0)
    const wrong = { deviceId: 'sw-001', share: 1, count: Infinity, until: START + 60_000, holdMs: 0 } as const
    faults.inject({ kind: 'clock_ahead', ...wrong }, START)
    assert.deepEqual([faults.clockOffsetMs('sw-001', START), faults.clockOffsetMs('sw-002', START)], [3_600_000, 0])
    assert.equal(faults.clockOffsetMs('sw-001', START + 60_000), 0)
    assert.equal(START + of({ clock_behind: 1 }).clockOffsetMs('sw-001', START + 5_000), Date.UTC(2000, 0, 1))
  })
})

const isReading = ({ topic }: SentMessage): boolean => ['der', 'panel', 'meter'].includes(readTopic(topic)?.kind ?? '')
