import assert from 'node:assert/strict'
import { refusal, targetOf } from './boundaries.ts'

const cases: [from: string, specifier: string, kind: 'value' | 'types', refused: RegExp | undefined][] = [
  ['nodes/voltage/window.ts', '../../platform/node/wrapper.ts', 'value', undefined],
  ['nodes/voltage/window.ts', './domain/bands.ts', 'value', undefined],
  ['nodes/voltage/window.ts', 'pg', 'value', undefined],
  ['nodes/voltage/window.ts', '../telemetry/messages.ts', 'types', undefined],
  ['nodes/voltage/window.ts', '../telemetry/messages.ts', 'value', /as types/],
  ['nodes/voltage/window.ts', '../telemetry/repository.ts', 'types', /meet on the wire/],
  ['nodes/voltage/window.ts', '../console/throttle.ts', 'value', /meet on the wire/],
  ['nodes/voltage/window.ts', '../../simulator/main.ts', 'value', /its own files/],
  ['nodes/voltage/domain/bands.ts', './regulated.ts', 'value', undefined],
  ['nodes/voltage/domain/deep/bands.ts', '../regulated.ts', 'value', undefined],
  ['nodes/voltage/domain/bands.ts', '../messages.ts', 'types', undefined],
  ['nodes/voltage/domain/bands.ts', '../../../platform/wire/reading.ts', 'value', undefined],
  ['nodes/voltage/domain/bands.ts', '../../../platform/clock/clock.ts', 'types', /no machinery/],
  ['nodes/voltage/domain/bands.ts', '../../../platform/regulation/regulated.ts', 'value', undefined],
  ['nodes/voltage/domain/bands.ts', '../../../platform/regulation/options.ts', 'types', undefined],
  ['nodes/voltage/domain/bands.ts', '../../../platform/regulation/official-csv.ts', 'types', undefined],
  ['nodes/voltage/domain/bands.ts', '../../../platform/regulation/options.ts', 'value', /no machinery/],
  ['nodes/voltage/domain/bands.ts', '../../../platform/regulation/repository.ts', 'types', /no machinery/],
  ['nodes/voltage/domain/bands.ts', '../repository.ts', 'value', /no machinery/],
  ['nodes/voltage/domain/bands.ts', '../../telemetry/domain/checks.ts', 'types', /meet on the wire/],
  ['nodes/voltage/domain/bands.ts', 'pg', 'types', /no machinery/],
  ['nodes/voltage/domain/bands.ts', 'node:fs', 'value', /no machinery/],
  ['nodes/voltage/domain/bands.ts', 'fs', 'value', /no machinery/],
  ['nodes/voltage/domain/bands.ts', 'ajv', 'value', undefined],
  ['nodes/voltage/domain/bands.test.ts', 'node:assert/strict', 'value', undefined],
  ['nodes/voltage/domain/bands.test.ts', 'node:fs', 'value', /no machinery/],
  ['platform/storage/cursor.ts', '../node/wrapper.ts', 'value', undefined],
  ['platform/storage/cursor.ts', '../../nodes/telemetry/messages.ts', 'types', /knows no area/],
  ['platform/wire/reading.ts', '@sinclair/typebox', 'value', undefined],
  ['platform/wire/reading.ts', '../clock/clock.ts', 'types', /stands alone/],
  ['platform/wire/reading.ts', 'node:crypto', 'value', /stands alone/],
  ['simulator/main.ts', '../platform/wire/reading.ts', 'value', undefined],
  ['simulator/main.ts', '../platform/clock/clock.ts', 'value', /only platform\/wire/],
  ['simulator/main.ts', '../nodes/telemetry/messages.ts', 'types', /platform\/wire/],
  ['simulator/plant/fault-plan.ts', '../../nodes/solar/domain/detectors/detect.ts', 'value', /platform\/wire/],
  ['simulator/plant/module.ts', '../../nodes/solar/domain/plant.ts', 'types', /platform\/wire/],
  ['simulator/plant/plant-year.test.ts', '../../nodes/solar/domain/expected-power.ts', 'value', /platform\/wire/],
  ['simulator/plant/plant-year.ts', '../../flows/solar-year/judgement.ts', 'types', /platform\/wire/],
  ['nodes/solar/domain/detectors/detect.ts', '../../../../simulator/plant/module.ts', 'value', /its own files/],
  ['nodes/solar/domain/detectors/detect.ts', '../../../../simulator/plant/fault-kinds.ts', 'types', /its own files/],
  [
    'nodes/solar/domain/detectors/detect.test.ts',
    '../../../../simulator/plant/plant-year.ts',
    'value',
    /its own files/,
  ],
  ['nodes/solar/anomalies/keeper.test.ts', '../../../flows/solar-year/judgement.ts', 'value', /its own files/],
  ['flows/solar-year/judged-year.ts', '../../simulator/plant/plant-year.ts', 'value', undefined],
  ['flows/solar-year/judged-year.ts', '../../nodes/solar/domain/detectors/detect.ts', 'value', undefined],
  ['nodes/console/widget/panel.ts', '../../../platform/wire/overview.ts', 'value', undefined],
  ['nodes/console/widget/panel.ts', '../throttle.ts', 'value', undefined],
  ['nodes/console/throttle.ts', '../../platform/node/wrapper.ts', 'types', /only platform\/wire/],
  ['nodes/console/throttle.ts', '../telemetry/messages.ts', 'types', /platform\/wire/],
  ['nodes/scorecard.test.ts', 'node:fs', 'value', undefined],
  ['flows/telemetry.test.ts', '../nodes/telemetry/repository.ts', 'value', undefined],
]

describe('boundaries of the house', () => {
  for (const [from, specifier, kind, refused] of cases) {
    it(`${from} ${refused ? 'may not import' : 'may import'} ${kind} of ${specifier}`, () => {
      const reason = refusal({ from, to: targetOf(from, specifier), typesOnly: kind === 'types' })
      if (refused) assert.match(reason ?? '', refused)
      else assert.equal(reason, undefined)
    })
  }
})
