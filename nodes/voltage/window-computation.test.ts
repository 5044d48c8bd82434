import assert from 'node:assert/strict'
import { afterEach, describe, it } from 'mocha'
import { useDatabase } from '../../platform/storage/test-database.ts'
import { bandLimitsOf } from './domain/bands.ts'
import { countMeters, metersAfter, samplesOf } from './meter-repository.ts'
import { computeWindows } from './window-computation.ts'
import { begin, KeptField, minuteMs } from './window-keeper.fixture.ts'

describe('windows out of what is stored', function () {
  this.timeout(30_000)
  const test = useDatabase()
  let kept: KeptField | undefined
  const field = () => (kept ??= new KeptField(test.database))
  const windowMs = 10 * minuteMs
  const rules = { limitsOf: (referenceV: number) => bandLimitsOf(referenceV, '2026-11-20') }
  afterEach(() => field().clear())

  const keys = () => field().database.transaction((client) => metersAfter(client, 0, 100))
  const compute = (times: readonly { deviceKey: number; from: number; until: number }[]) =>
    field().database.transaction((client) => computeWindows(client, times, rules))
  const setOption = (key: string, value: string | number | null) =>
    field().database.query(
      `insert into regulation_option (key, value, reason, changed_by, changed_at) values ($1, $2, 'test', 'test', to_timestamp(0))`,
      [key, JSON.stringify(value)],
    )

  it('are the same for many meters at a time, and for times of their own', async () => {
    for (const name of ['u-1', 'u-2', 'u-3']) {
      await field().unit(name)
      for (const window of [0, 1])
        await field().store(
          Array.from({ length: 600 }, (_, second) => ({
            ...{ meter: name, at: begin + window * windowMs + (second + 1) * 1_000, intervalS: 1 },
            volts: [
              window === 0 && second >= 590 ? 150 : window === 1 && second < 175 ? 150 : 220,
              null,
              null,
            ] as const,
          })),
        )
    }
    const of = await keys()
    const whole = await compute(of.map((deviceKey) => ({ deviceKey, from: begin, until: begin + 2 * windowMs })))
    // Ten seconds and 175 are more than three minutes: what lasts as long counts.
    assert.deepEqual(
      whole.windows.map(({ invalid }) => invalid),
      Array.from({ length: 6 }, () => undefined),
    )
    const apart = []
    for (const deviceKey of of)
      for (const from of [begin, begin + windowMs])
        apart.push(...(await compute([{ deviceKey, from, until: from + windowMs }])).windows)
    assert.deepEqual(apart, whole.windows)
    const mixed = await compute(
      of.map((deviceKey, index) => ({ deviceKey, from: begin + (index % 2) * windowMs, until: begin + 2 * windowMs })),
    )
    assert.deepEqual(
      mixed.windows,
      whole.windows.filter(({ deviceKey, start }) => deviceKey !== of[1] || start > begin),
    )
  })

  it('go by what is chosen of the regulation in that moment', async () => {
    await field().unit('u-1')
    await field().store([
      { meter: 'u-1', at: begin + 8 * minuteMs, volts: [220, null, null], intervalS: 480 },
      { meter: 'u-1', at: begin + 10 * minuteMs, volts: [220, null, null], intervalS: 120, quality: 'questionable' },
    ])
    const [deviceKey] = await keys()
    const window = async () =>
      (await compute([{ deviceKey: deviceKey!, from: begin, until: begin + windowMs }])).windows[0]!
    assert.deepEqual([(await window()).coverage, (await window()).invalid], [1, undefined])
    await setOption('voltage-questionable-readings', 'cover-nothing')
    assert.deepEqual([(await window()).coverage, (await window()).invalid?.reason], [0.8, 'coverage'])
    await setOption('voltage-minimum-coverage', 0.75)
    assert.equal((await window()).invalid, undefined)
    for (const key of ['voltage-questionable-readings', 'voltage-minimum-coverage']) await setOption(key, null)
  })

  it('judge what stands between phases by the voltage between them', async () => {
    await field().unit('u-1', { phases: 'AC', nominalV: 380 })
    await field().database.query(`update consumer_unit set measured_between = 'phase_phase'`)
    await field().store([{ meter: 'u-1', at: begin + windowMs, volts: [220, 220, 340], intervalS: 600 }])
    const [deviceKey] = await keys()
    const { windows } = await compute([{ deviceKey: deviceKey!, from: begin, until: begin + windowMs }])
    assert.deepEqual(
      [windows[0]!.volts, windows[0]!.bands],
      [
        [null, null, 340],
        [null, null, 'precarious'],
      ],
    )
  })

  it('go by the contracted voltage above 2.3 kV', async () => {
    await field().unit('u-1', { nominalV: 13_800 })
    await field().database.query('update consumer_unit set contracted_voltage_v = 14490')
    await field().store([{ meter: 'u-1', at: begin + windowMs, volts: [13_400, null, null], intervalS: 600 }])
    const [deviceKey] = await keys()
    const { windows } = await compute([{ deviceKey: deviceKey!, from: begin, until: begin + windowMs }])
    assert.equal(windows[0]!.bands[0], 'precarious')
  })

  it('read no more than they need, ten thousand readings at a time', async () => {
    await field().unit('u-1')
    for (const start of [-2, -1, 0, 1, 2])
      await field().store(
        Array.from({ length: 10 }, (_, minute) => ({
          ...{
            meter: 'u-1',
            at: begin + start * windowMs + (minute + 1) * minuteMs + 1,
            volts: [220, null, null] as const,
          },
        })),
      )
    const [deviceKey] = await keys()
    assert.equal(await field().database.transaction((client) => countMeters(client)), 1)
    const read = await field().database.transaction(async (client) => {
      const rows: number[] = []
      const times = [{ deviceKey: deviceKey!, from: begin, until: begin + windowMs }]
      for await (const found of samplesOf(client, times, ['good'], 1_000, 186_000))
        rows.push(...found.map(([, at]) => (Math.round(at) - begin - 1) / minuteMs))
      return rows
    })
    assert.deepEqual(read, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
  })
})
