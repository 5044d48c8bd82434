import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'mocha'
import { said, useAlarms } from '../alarms.fixture.ts'
import { SteppedChannel } from './channel.fixture.ts'
import { channelState } from './delivery-repository.ts'

describe('a channel', function () {
  this.timeout(60_000)
  const alarms = useAlarms()
  const minuteMs = 60_000
  let channels = 0
  let wall: number
  const clock = { now: () => wall }

  beforeEach(() => (wall = Date.UTC(2026, 2, 10, 12)))

  async function channel(
    more: Partial<ConstructorParameters<typeof SteppedChannel>[1]> = {},
    options: ConstructorParameters<typeof SteppedChannel>[4] = {},
  ): Promise<SteppedChannel> {
    const name = `c-${++channels}`
    const stepped = new SteppedChannel(alarms.database, { name, ...more }, () => alarms.table, clock, options)
    await stepped.enter()
    return stepped
  }
  /** Subjects of a test of its own. */
  const of = (subject: string): string => `${subject}-${channels}`
  const say = async (kind: string, subject: string, more: Parameters<typeof said>[2] = {}): Promise<number> => {
    const [changed] = await alarms.keeper.take([said(kind, subject, { at: alarms.now, ...more })])
    return changed!.alarmId
  }
  const states = async (name: string): Promise<string[]> =>
    (
      await alarms.database.query<{ line: string }>(
        `select concat_ws(' ', what, state, tries) as line from alarm_notification where channel = $1 order by ordinal`,
        [name],
      )
    ).map(({ line }) => line)

  it('tells that an alarm is raised and that it is over, once each', async () => {
    const duty = await channel()
    await say('stuck', of('m'))
    assert.deepEqual(await duty.tell(), [`raised test/stuck/${of('m')} 1`])
    await say('stuck', of('m'))
    assert.deepEqual(await duty.tell(), [])
    await say('stuck', of('m'), { state: 'normal' })
    assert.deepEqual(await duty.tell(), [`cleared test/stuck/${of('m')} 1`])
  })

  it('fills the outbox twice from the same part of the log, and tells once', async () => {
    const duty = await channel()
    await say('stuck', of('m'))
    await duty.follow()
    await duty.follow(0)
    await duty.deliver()
    assert.deepEqual(
      duty.carrier.take().filter((line) => line.includes(of('m'))),
      [`raised test/stuck/${of('m')} 1`],
    )
  })

  it('tells nobody of what is shelved before it was told of, and of nothing while it is', async () => {
    const duty = await channel()
    const alarmId = await say('stuck', of('m'))
    await duty.follow()
    await alarms.act(alarmId, { type: 'shelve', until: alarms.now + minuteMs })
    await say('stuck', of('m'), { state: 'normal' })
    await say('stuck', of('m'))
    assert.deepEqual(await duty.tell(), [])
    assert.deepEqual(await states(`c-${channels}`), ['raised withdrawn 0'])
    await alarms.act(alarmId, { type: 'unshelve' })
    assert.match((await duty.tell()).join(), /^raised test\/stuck\/m-\d+ \d+$/)
  })

  it('calls over what it told of, also where that was hidden meanwhile', async () => {
    const duty = await channel()
    const alarmId = await say('stuck', of('m'))
    assert.equal((await duty.tell()).length, 1)
    await alarms.act(alarmId, { type: 'take-out' })
    await say('stuck', of('m'), { state: 'normal' })
    assert.deepEqual(await duty.tell(), [])
    await alarms.act(alarmId, { type: 'return-to-service' })
    assert.deepEqual(await duty.tell(), [`cleared test/stuck/${of('m')} 1`])
  })

  it('does not call over what it never told of', async () => {
    const quiet = await channel({
      filter: { leastPriority: 'critical', areas: [], feeders: [], tells: ['raised', 'cleared'] },
    })
    await say('stuck', of('m'))
    await say('stuck', of('m'), { state: 'normal' })
    assert.deepEqual(await quiet.tell(), [])
  })

  it('tells of a root with its members, of no member, and again when they have become ten and a hundred', async () => {
    const duty = await channel()
    const rootAlarmId = await say('outage', of('sw'))
    const explain = async (from: number, to: number): Promise<void> => {
      for (let n = from; n < to; n++) {
        const alarmId = await say('silent', `${of('meter')}-${n}`)
        await alarms.act(alarmId, { type: 'explain', rootAlarmId })
      }
    }
    await explain(0, 3)
    assert.deepEqual(await duty.tell(), [`raised test/outage/${of('sw')} 1`])
    await explain(3, 9)
    assert.deepEqual(await duty.tell(), [])
    await explain(9, 14)
    await duty.follow()
    await duty.deliver()
    const [update] = duty.carrier.carried.splice(0)
    assert.deepEqual([update!.document.what, update!.document.alarm!.members], ['updated', 14])
    assert.match(update!.document.text, /Explains 14 other alarms/)
    await explain(14, 20)
    assert.deepEqual(await duty.tell(), [])
    await explain(20, 101)
    assert.deepEqual(await duty.tell(), [`updated test/outage/${of('sw')} 1`])
  })

  it('tells no more than it may, the most important singly, the rest as a digest that names and counts it', async () => {
    const duty = await channel({}, { rate: { most: 3, windowMs: 10 * minuteMs } })
    for (let n = 0; n < 40; n++) await say('stuck', `${of('m')}-${n}`, { priority: n === 37 ? 'critical' : 'medium' })
    const told = await duty.tell()
    assert.deepEqual(told.toSorted(), [
      'digest of 38',
      `raised test/stuck/${of('m')}-0 1`,
      `raised test/stuck/${of('m')}-37 1`,
    ])
    // While it may tell nothing more, all waits; then it comes as one.
    await say('stuck', `${of('m')}-a`)
    await say('stuck', `${of('m')}-b`)
    assert.deepEqual(await duty.tell(), [])
    wall += 10 * minuteMs + 1
    assert.deepEqual((await duty.tell()).length, 2)
    const left = (await states(`c-${channels}`)).filter((line) => line.includes('waiting'))
    assert.deepEqual(left, [])
  })

  it('says in a digest how many of what, in its language', async () => {
    const duty = await channel({}, { rate: { most: 1, windowMs: minuteMs }, language: 'pt-BR' })
    for (let n = 0; n < 12; n++) await say('stuck', `${of('m')}-${n}`, { priority: n < 2 ? 'high' : 'low' })
    await duty.follow()
    await duty.deliver()
    const [{ document }] = duty.carrier.carried as [(typeof duty.carrier.carried)[0]]
    assert.equal(document.title, 'Mais 12 notificações')
    assert.match(document.text, /2 × Alarme, alta\n10 × Alarme, baixa\n/)
    assert.equal(document.digest!.keys.length, 10)
  })

  it('tries what failed again after growing pauses, the same to the letter, until it is confirmed', async () => {
    const duty = await channel()
    await say('stuck', of('m'))
    duty.carrier.fault = new Error('503')
    await duty.follow()
    await duty.deliver()
    await duty.deliver()
    assert.deepEqual(await states(`c-${channels}`), ['raised waiting 1'])
    wall += 5_000
    await duty.deliver()
    assert.deepEqual(await states(`c-${channels}`), ['raised waiting 2'])
    wall += 9_999
    await duty.deliver()
    assert.deepEqual(await states(`c-${channels}`), ['raised waiting 2'])
    duty.carrier.fault = undefined
    duty.carrier.confirms = false
    wall += 1
    await duty.deliver()
    // The alarm goes on; what was said does not change under its id.
    await say('stuck', of('m'), { state: 'normal' })
    wall += 30_000 + 20_000
    await duty.deliver()
    const [first, second] = duty.carrier.carried
    assert.deepEqual(second!.document, first!.document)
    assert.deepEqual([first!.attempt, second!.attempt], [3, 4])
    await duty.delivery.confirm(first!.document.id)
    assert.deepEqual(await states(`c-${channels}`), ['raised sent 4'])
  })

  it('gives up after so many tries, says so, and takes a late confirmation all the same', async () => {
    const duty = await channel({}, { mostTries: 3 })
    await say('stuck', of('m'))
    duty.carrier.confirms = false
    await duty.follow()
    for (let n = 0; n < 5; n++) {
      await duty.deliver()
      wall += 3_600_000
    }
    assert.deepEqual(await states(`c-${channels}`), ['raised dead 3'])
    const state = await channelState(alarms.database, `c-${channels}`)
    assert.deepEqual([state.dead, state.lastError], [1, 'it was handed over and never confirmed'])
    await duty.delivery.confirm(duty.carrier.carried[0]!.document.id)
    assert.deepEqual(await states(`c-${channels}`), ['raised sent 3'])
    assert.equal((await channelState(alarms.database, `c-${channels}`)).dead, 0)
  })

  it('refuses a confirmation of what it never sent', async () => {
    const duty = await channel()
    await assert.rejects(duty.delivery.confirm('00000000-0000-4000-8000-000000000000'), /notificationId is "0000/)
    await assert.rejects(duty.delivery.fail('00000000-0000-4000-8000-000000000000', 'x'), /waits for no such/)
  })

  it('does not hand over the same twice where two deliver at once', async () => {
    const duty = await channel()
    for (let n = 0; n < 8; n++) await say('stuck', `${of('m')}-${n}`)
    await duty.follow()
    await Promise.all([duty.deliver(), duty.deliver(), duty.deliver()])
    assert.equal(new Set(duty.carrier.take()).size, 8)
  })

  it('tells of an escalation the channel that the class names for the step, once each', async () => {
    const chief = await channel({ filter: { leastPriority: 'critical', areas: [], feeders: [], tells: [] } })
    const name = `c-${channels}`
    const table = alarms.table
    const steps = [1, 2].map((n) => ({ afterMs: n * minuteMs, role: null, channel: n === 2 ? name : 'nobody' }))
    alarms.table = { ...table, classNamed: (of) => ({ ...table.classNamed(of), escalation: steps }) }
    try {
      const alarmId = await say('stuck', of('m'))
      alarms.now += minuteMs
      await alarms.act(alarmId, { type: 'time' })
      assert.deepEqual(await chief.tell(), [])
      alarms.now += minuteMs
      await alarms.act(alarmId, { type: 'time' })
      assert.deepEqual(await chief.tell(), [`escalated test/stuck/${of('m')} 1`])
    } finally {
      alarms.table = table
    }
  })

  it('tells of what is in its area of responsibility, and of nothing where there is none of that name', async () => {
    const north = await channel({ responsibility: 'north' })
    await say('stuck', of('m'), { feederId: 'f-1' })
    await say('stuck', of('n'), { feederId: 'f-2' })
    await assert.rejects(north.follow(), /responsibility is "north": there is no such area/)
    await alarms.database.query(
      `insert into responsibility_area (name, feeder_ids, changed_by, changed_at)
       values ('north', '{f-1}', 'ana', to_timestamp($1::float8 / 1000))`,
      [wall],
    )
    assert.deepEqual(await north.tell(), [`raised test/stuck/${of('m')} 1`])
  })

  it('leaves it to others to tell that it does not get through', async () => {
    const duty = await channel()
    const other = await channel()
    await say('notification-failed', `c-${channels - 1}`, { area: 'alarms' })
    assert.deepEqual(await duty.tell(), [])
    assert.equal((await other.tell()).length, 1)
  })
})
