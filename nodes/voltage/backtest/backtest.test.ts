import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BadFlag } from '../../../platform/runtime/flags.ts'
import { monday, evenings, saoPaulo, windowsFrom } from '../domain/forecast.fixture.ts'
import { populationPrior } from '../domain/population-prior.ts'
import { windowMs } from '../domain/windows.ts'
import { FileError } from '../../../platform/runtime/csv-file.ts'
import { backtestUsage, readBacktestFlags } from './backtest-flags.ts'
import { backtestReport } from './backtest-report.ts'
import { backtest, backtestOf, type Backtest } from './backtest.ts'
import { outcomeOf } from './case.ts'
import { drawOf, wander } from './draw.ts'
import { judge, trialsOf } from './judgement.ts'
import { learnPrior } from './learn-prior.ts'
import { simulatedCase, testCases, trainingPhases, trainingSeed } from './population.ts'
import { recordedCases } from './recorded-year.ts'
import { simulatedUnit } from './simulated-unit.ts'

describe('the backtest of the forecast', function () {
  this.timeout(120_000)
  const units = 250
  let third: { drp: ReturnType<typeof judge>; drc: ReturnType<typeof judge> }

  before(() => {
    const [trials] = trialsOf(testCases(units, 9), [3], populationPrior, 9)
    third = { drp: judge(3, trials!.drp), drc: judge(3, trials!.drc) }
  })

  it('is on units of which some break and others do not', () => {
    for (const { all } of [third.drp, third.drc]) assert.ok(all.baseRate > 0.1 && all.baseRate < 0.5, `${all.baseRate}`)
  })

  it('shows skill on day 3, also for those that had not broken by then', () => {
    for (const { all, open } of [third.drp, third.drc]) {
      assert.ok(all.skill! > 0.5, `of all ${all.skill}`)
      assert.ok(open.skill! > 0, `of open ones ${open.skill}`)
    }
  })

  it('covers breaking times by intervals that are neither blind nor boundless', () => {
    const cases = third.drp.interval.cases + third.drc.interval.cases
    const share = (third.drp.interval.inside + third.drc.interval.inside) / cases
    assert.ok(cases >= 10, `${cases} cases`)
    assert.ok(share > 0.55 && share < 1, `${share}`)
  })

  it('is the same for the same seed', () => {
    const run = () => trialsOf(testCases(5, 3), [2], populationPrior, 3)
    assert.deepEqual(run(), run())
  })

  it('takes no unit that the prior was learnt from', () => {
    const seeds = testCases(3, 0).map(({ name }) => Number(name.split(' ')[1]))
    assert.ok(seeds.every((seed) => seed > trainingSeed + 1_000_000))
  })
})

describe('a measurement of which the end is known', () => {
  const allowed = { precarious: 30, critical: 5 }

  it('breaks with the window that passes what is allowed, of one phase', () => {
    const one = evenings([16, 14, 0, 0, 0, 0, 1])
    const other = evenings([0, 0, 3, 3, 0, 0, 0], 'c')
    const { brokenAt } = outcomeOf(windowsFrom(one, other), 1_008, allowed)
    assert.deepEqual(brokenAt, {
      precarious: monday + (6 * 144 + 114) * windowMs,
      critical: monday + (3 * 144 + 114 + 2) * windowMs,
    })
  })

  it('is none before it is complete', () =>
    assert.throws(() => outcomeOf(windowsFrom(evenings([0])), 1_008, allowed), /end before 1008 of them are valid/))
})

describe('judging', () => {
  const trial = (probability: number, breaks: number | null, from = 10, until = 20) => ({
    forecast: {
      ...{ used: 0, budget: 30, usedByPhase: [0], burnByTimeOfDay: [], expectedUsed: 0, brokenAt: null, probability },
      breaks: { medianAt: 15, fromAt: from, untilAt: until },
    },
    brokenAt: breaks,
  })

  it('gives skill against the base rate', () => {
    assert.equal(judge(3, [trial(1, 15), trial(0, null)]).all.skill, 1)
    assert.equal(judge(3, [trial(0.5, 15), trial(0.5, null)]).all.skill, 0)
    assert.equal(judge(3, [trial(0.5, 15)]).all.skill, null)
  })

  it('asks the interval of those only that broke and were forecast to', () => {
    const { interval } = judge(3, [trial(0.9, 15), trial(0.9, 25), trial(0.9, 5), trial(0.4, 15), trial(0.9, null)])
    assert.deepEqual(interval, { cases: 3, inside: 1, early: 1, late: 1 })
  })

  it('sorts forecasts by their probability', () =>
    assert.deepEqual(judge(3, [trial(0.7, 15), trial(0.7, null), trial(0, null)]).reliability, [
      { from: 0, cases: 1, forecast: 0, broke: 0 },
      { from: 0.6, cases: 2, forecast: 0.7, broke: 0.5 },
    ]))
})

describe('simulated units', () => {
  it('are the same for the same seed, and others for another', () => {
    assert.deepEqual(simulatedUnit(5, 2), simulatedUnit(5, 2))
    assert.notDeepEqual(simulatedUnit(5, 2), simulatedUnit(6, 2))
  })

  it('have aligned, consecutive windows of 127 V, and some invalid ones', () => {
    const windows = Array.from({ length: 20 }, (_, seed) => simulatedUnit(seed, 3)).flat()
    assert.ok(windows.every(({ start }) => start % windowMs === 0))
    const volts = windows.flatMap((window) => window.volts).filter((value) => value !== null)
    assert.ok(volts.every((value) => value > 70 && value < 160))
    assert.ok(windows.some(({ invalid }) => invalid?.reason === 'interruption'))
    assert.ok(windows.some(({ invalid }) => invalid?.reason === 'coverage'))
  })

  it('are measured at any hour, after a week of their own', () => {
    const { windows, before } = simulatedCase(12)
    assert.ok(windows.length >= 1_300)
    assert.ok(before?.some((phase) => phase && phase.valid > 900))
  })

  it('draw without end and without pattern between seeds', () => {
    const firsts = Array.from({ length: 200 }, (_, seed) => drawOf(seed).uniform())
    const mean = firsts.reduce((sum, value) => sum + value, 0) / 200
    assert.ok(mean > 0.4 && mean < 0.6)
    assert.equal(wander(0, { ...drawOf(1), normal: () => 0 }, 3), 0)
  })
})

describe('learning a prior', () => {
  it('climbs the evidence: a population that never transgresses lowers the mean', function () {
    this.timeout(60_000)
    const counts = Array.from({ length: 12 }, (_, slot) => ({ slot, valid: 12, outside: 0, critical: 0 }))
    const learnt = learnPrior([{ counts }, { counts }], populationPrior, 1, 'quiet ones')
    assert.equal(learnt.source, 'quiet ones')
    assert.ok(learnt.outside.mean[0]! < populationPrior.outside.mean[0]!)
  })

  it('is from single phases, some without their week before', () => {
    const phases = trainingPhases(6)
    assert.equal(phases.length, 6)
    assert.ok(phases.some(({ before }) => before) && phases.some(({ before }) => !before))
  })
})

describe('a recording as measurements', () => {
  it('is cut into consecutive ones, each with the week before', () => {
    const volts = Array.from({ length: 3 * 1_008 + 5 }, (_, index) => (index === 1_500 ? null : index % 2 ? 243 : 230))
    const cases = recordedCases({ start: monday, volts }, 1, 230, 1_008, saoPaulo())
    assert.equal(cases.length, 2)
    assert.equal(cases[0]!.windows.length, 1_009)
    assert.equal(cases[1]!.windows[0]!.start, monday + 2_017 * windowMs)
    assert.deepEqual(cases[0]!.before, [{ valid: 1_008, outside: 504, critical: 0 }, undefined, undefined])
    const { brokenAt } = outcomeOf(cases[0]!.windows, 1_008, { precarious: 30, critical: 5 })
    assert.ok(brokenAt.precarious !== null && brokenAt.critical === null)
    assert.ok(
      recordedCases({ start: monday, volts }, 1.02, 230, 1_008, 0)[0]!.windows.some(
        ({ bands }) => bands[0] === 'critical',
      ),
    )
  })
})

describe('quality -- backtest', function () {
  this.timeout(120_000)

  for (const [args, problem] of [
    [['--units', '0'], /--units takes a whole number from 1 to 100000, got "0"/],
    [['--seed', 'x'], /--seed takes a whole number from 0 to 100, got "x"/],
    [['--levels', '1'], /--levels needs --csv/],
    [['--csv', 'f', '--levels', '1,,2'], /--levels takes factors from 0.5 to 2, separated by commas, got ""/],
    [['--csv', 'f', '--utc-offset', '15'], /--utc-offset takes hours from -14 to 14, got "15"/],
    [['surplus'], /unexpected argument "surplus"/],
  ] as const)
    it(`refuses ${args.join(' ')}`, () =>
      assert.throws(
        () => readBacktestFlags(args),
        (error) => error instanceof BadFlag && problem.test(error.message),
      ))

  it('helps', async () => assert.equal(await backtest(['--help']), backtestUsage))

  it('prints figures of six days', async () => {
    const [result] = JSON.parse(await backtest(['--units', '3', '--json'])) as Backtest[]
    assert.equal(result!.measurements, 3)
    assert.deepEqual(
      result!.drp.map(({ day }) => day),
      [1, 2, 3, 4, 5, 6],
    )
  })

  it('prints tables that say what was aimed at', () => {
    const report = backtestReport([backtestOf({ of: 'four', cases: testCases(4, 2), days: [2, 3] }, 2)], 'somewhere')
    assert.match(report, /^Prior learnt from: somewhere\.\n/)
    assert.match(report, /four: 4 measurements/)
    assert.match(report, /Skill on day 3: /)
    assert.match(report, /A forecast took \d/)
  })

  it('names the file that is too short, and the line that is wrong', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'backtest-'))
    try {
      const file = join(folder, 'short.csv')
      writeFileSync(file, 'timestamp,voltage_v\n2026-01-01T00:00:00Z,230\n')
      await assert.rejects(
        backtest(['--units', '1', '--csv', file]),
        (error) => error instanceof FileError && /shorter than two/.test(error.message),
      )
      writeFileSync(file, 'timestamp,voltage_v\n2026-01-01T00:00:00Z,much\n')
      await assert.rejects(backtest(['--units', '1', '--csv', file]), /short.csv: line 2: voltage_v "much"/)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
