import assert from 'node:assert/strict'
import { SLOT_MS, yearOf, type PlantSlot, type YearOptions } from './plant-year.ts'

const DAY_MS = 86_400_000
const small: YearOptions = { days: 3, panels: 12, faults: 'none' }
const all = (options: YearOptions, seed = 1): PlantSlot[] => [...yearOf(seed, { ...small, ...options }).slots()]
const energy = (slots: readonly PlantSlot[], panelId: string) =>
  slots.reduce((sum, { samples }) => sum + (samples.get(panelId)?.powerW ?? 0) / 12_000, 0)

describe('a simulated year', () => {
  it('has a slot every five minutes, day and night, of every panel', () => {
    const slots = all({})
    assert.equal(slots.length, 3 * 288)
    assert.ok(slots.every(({ at }, index) => at === Date.UTC(2026, 0, 1, 3) + index * SLOT_MS))
    assert.ok(slots.every(({ samples }) => samples.size === 12))
  })

  it('gives 1 to 3.2 kWh a panel and day in January', () => {
    const kwh = energy(all({ days: 10 }), 'plant-01-panel-004') / 10
    assert.ok(kwh > 1 && kwh < 3.2, `${kwh}`)
  })

  it('means lie between the lowest and the highest', () => {
    for (const { samples } of all({}))
      for (const { powerW, lowestW, highestW } of samples.values())
        assert.ok(lowestW! <= powerW! + 1e-9 && powerW! <= highestW! + 1e-9)
  })

  it('is made anew by each call, the same for the same seed and another one for another', () => {
    const year = yearOf(3, small)
    assert.deepEqual([...year.slots()], [...year.slots()])
    assert.notDeepEqual(all({}, 3), all({}, 4))
  })

  it('is made as it is asked for', () => {
    let taken = 0
    for (const slot of yearOf(1).slots()) {
      assert.equal(slot.samples.size, 50)
      if (++taken === 5) break
    }
    assert.equal(taken, 5)
  })

  it('measures irradiance where the plant has a pyranometer', () => {
    const noon = 12 * 12
    assert.equal(all({})[noon]!.samples.get('plant-01-panel-001')!.irradianceWm2, null)
    assert.ok(all({ pyranometer: true })[noon]!.samples.get('plant-01-panel-001')!.irradianceWm2! > 50)
  })

  it('labels every fault, and shows it', () => {
    const year = yearOf(2, { days: 40, panels: 12, healthyDays: 5, faults: { zero_output: 2, inverter_trip: 1 } })
    const dead = year.labels.filter(({ kind }) => kind === 'zero_output')
    assert.equal(dead.length, 2)
    assert.equal(year.labels.filter(({ kind }) => kind === 'inverter_trip').length, 12)
    let shown = 0
    for (const { at, samples } of year.slots())
      for (const { panelId, from, to } of dead)
        if (at >= from && at + SLOT_MS <= to) {
          assert.equal(samples.get(panelId)!.powerW, 0)
          shown++
        }
    assert.ok(shown > 288)
  })

  it('has days on which everything is covered, without any label', () => {
    const year = yearOf(1, { ...small, coveredDays: [1] })
    assert.deepEqual(year.labels, [])
    const slots = [...year.slots()].filter(({ at }) => Math.floor((at - Date.UTC(2026, 0, 1, 3)) / DAY_MS) === 1)
    assert.equal(energy(slots, 'plant-01-panel-001'), 0)
  })

  it('lacks sensors and is silent at times where it is asked to', () => {
    const slots = all({ missingSensors: true, days: 12 })
    const of = (panel: string) => slots.flatMap(({ samples }) => samples.get(`plant-01-panel-0${panel}`) ?? [])
    assert.ok(of('02').every(({ temperatureC }) => temperatureC === null))
    assert.ok(of('05').every(({ voltageV }) => voltageV === null))
    assert.ok(of('08').every(({ currentA }) => currentA === null))
    assert.ok(of('11').every(({ powerW, highestW }) => powerW === null && highestW === null))
    assert.ok(of('01').length < slots.length && of('01').length > slots.length * 0.9)
  })

  it('stamps with a clock that is wrong', () => {
    const right = all({})
    const ahead = all({ clockAheadMinutes: 180 })
    assert.equal(ahead.length, right.length - 36)
    assert.deepEqual(ahead[0], { at: right[36]!.at, samples: right[0]!.samples })
  })

  it('refuses what is no count', () => {
    assert.throws(() => yearOf(1, { days: 0 }), /days is 0/)
    assert.throws(() => [...yearOf(1, { ...small, clockAheadMinutes: 7 }).slots()], /whole number/)
  })
})
